#!/usr/bin/python3
"""GStreamer's RTSP server over video files: cameras for the tests and the demo.

Run with Debian's own python3 (the gi bindings belong to it):
    rtsp_server.py '{"port": 0, "mounts": {"/a": "/tmp/a.mp4"}, "user": "u", "password": "p"}'

`port` 0 takes a free one. The files are MP4 with H.264 or H.265; parameter sets inside the stream are passed on.
Prints `ready PORT` on stdout when it serves and ends when its stdin closes, so that it never outlives its parent.
"""

import json
import re
import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtsp", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtsp, GstRtspServer  # noqa: E402

# Sample entry names of ISO/IEC 14496-15 → GStreamer's codec word.
CODECS = {b"avc1": "h264", b"avc3": "h264", b"hvc1": "h265", b"hev1": "h265"}


def moov_of(path):
    """The bytes of the file's `moov` box; raises ValueError when it has none."""
    with open(path, "rb") as file:
        while True:
            head = file.read(8)
            if len(head) < 8:
                raise ValueError(f"{path}: not an MP4 file")
            size = int.from_bytes(head[:4], "big")
            taken = 8
            if size == 1:
                size = int.from_bytes(file.read(8), "big")
                taken = 16
            if head[4:] == b"moov":
                return file.read(size - taken)
            file.seek(size - taken, 1)


def codec_of(path):
    """'h264' or 'h265'."""
    found = re.search(b"avc1|avc3|hvc1|hev1", moov_of(path))
    if found is None:
        raise ValueError(f"{path}: neither H.264 nor H.265")
    return CODECS[found.group(0)]


def launch_line(file):
    codec = codec_of(file)
    return f'( filesrc location="{file}" ! qtdemux ! {codec}parse ! rtp{codec}pay name=pay0 pt=96 config-interval=-1 )'


def protect(server, factories, user, password):
    """Basic authentication: without the right account every request is answered 401."""
    auth = GstRtspServer.RTSPAuth()
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_basic(GstRtspServer.RTSPAuth.make_basic(user, password), token)
    auth.set_supported_methods(GstRtsp.RTSPAuthMethod.BASIC)
    server.set_auth(auth)
    for factory in factories:
        permissions = GstRtspServer.RTSPPermissions()
        permissions.add_permission_for_role("viewer", "media.factory.access", True)
        permissions.add_permission_for_role("viewer", "media.factory.construct", True)
        factory.set_permissions(permissions)


def main():
    config = json.loads(sys.argv[1])
    Gst.init(None)
    server = GstRtspServer.RTSPServer()
    server.set_address("127.0.0.1")
    server.set_service(str(config.get("port") or 0))
    factories = []
    for path, file in config["mounts"].items():
        factory = GstRtspServer.RTSPMediaFactory()
        factory.set_launch(launch_line(file))
        # Not shared: with GStreamer 1.22 a few clients that open a shared stream at once dead-lock the whole server.
        factory.set_shared(False)
        server.get_mount_points().add_factory(path, factory)
        factories.append(factory)
    if config.get("user"):
        protect(server, factories, config["user"], config.get("password") or "")
    if server.attach(None) == 0:
        raise SystemExit(f"port {config.get('port')} is taken")
    loop = GLib.MainLoop()
    # Sessions of clients that vanished are dropped, else their media would stay open.
    GLib.timeout_add_seconds(2, lambda: server.get_session_pool().cleanup() >= 0)
    GLib.io_add_watch(sys.stdin.fileno(), GLib.PRIORITY_DEFAULT, GLib.IOCondition.HUP | GLib.IOCondition.IN,
                      lambda *_: loop.quit())
    print(f"ready {server.get_bound_port()}", flush=True)
    loop.run()


main()
