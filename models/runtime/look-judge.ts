import type { RawFrame } from '../../services/domain/raw-frame.ts';
import type {
  Box,
  Detection,
  FrameDetections,
  MetreLine,
  ModelRef,
  ViolationKind,
} from '../../services/domain/words.ts';

/** One frame of a look with its device time. */
export interface TimedFrame {
  at: Date;
  frame: RawFrame;
}

/** What is known of the camera behind a look. Points and boxes in 0..1 of the picture. */
export interface CameraView {
  /** Clocks drawn into the picture: their digits move. */
  timestampAreas?: readonly Box[];
  /** Two points one metre apart on the floor, drawn by an operator; null: nobody has. */
  metreLine?: MetreLine | null;
}

/**
 * What looks at pictures for the detection worker, the analyze tool and the evaluation. A judge knows kinds and boxes, no rules:
 * whether detections make a finding is decided by services/domain.
 */
export interface LookJudge {
  /** Kinds that it can find. */
  readonly kinds: readonly ViolationKind[];
  /** Those of them that only judgeLook finds: a look must not end because its first frame is calm. Absent: none. */
  readonly motionKinds?: readonly ViolationKind[];
  /** The models behind them, for the finding. */
  readonly models: readonly ModelRef[];
  /** Those of them that answer for one kind. Absent: all. */
  modelsOf?(kind: ViolationKind): readonly ModelRef[];
  /**
   * What one frame shows by itself. Boxes in 0..1 of the frame, one detection a head and kind. Kinds that are not asked for may
   * be left out, where that saves work; what is said of the others stays the same. Default: everything.
   */
  judgeFrame(frame: RawFrame, kinds?: readonly ViolationKind[]): Promise<Detection[]>;
  /**
   * What only the frames together show (rodents move), in time order; one entry a frame, without what judgeFrame already said.
   * A judge whose kinds need no motion leaves it out.
   */
  judgeLook?(frames: readonly TimedFrame[], view?: CameraView): Promise<FrameDetections[]>;
  /** Frees native memory. */
  close(): Promise<void>;
}
