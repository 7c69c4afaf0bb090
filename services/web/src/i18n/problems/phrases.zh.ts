/** 服务器说明“应为什么”的用语（路由结构中的 right），按英文原文。 */
export const phrasesZh: Readonly<Record<string, string>> = {
  'a month like 2026-10': '2026-10 这样的月份',
  'a month like 2026-11': '2026-11 这样的月份',
  'a user name: 1 to 64 lower-case letters, digits, dots, dashes, underscores':
    '1 至 64 位小写字母、数字、点、横线或下划线',
  'a kind of thing, e.g. camera': '对象种类',
  'what was done, e.g. created': '操作种类',
  'codes of regions (or null) by the index of the feature': '各图形对应的辖区编号',
  'an address like rtsp://user:password@192.168.1.20:554/stream1':
    'rtsp://用户名:密码@192.168.1.20:554/stream1 这样的地址',
  'at most 16 codes with commas between them': '最多 16 个编号，以逗号分隔',
  'a time like 2026-11-21T08:30:00Z': '2026-11-21T08:30:00Z 这样的时间',
  'an id (UUID)': '编号',
  'a box [x1, y1, x2, y2], or 3 to 40 corners [[x, y], …], from 0 to 1':
    '画面内的矩形，或 3 至 40 个顶点的多边形',
  'the code of a kind of finding, e.g. no_hat': '问题种类的编号',
  '1, 2 or 3': '1、2 或 3',
  '8 to 64 letters, digits and dashes that name this window': '8 至 64 位字母、数字或横线',
  'the code of a type of document, e.g. rectification_order': '文书种类的编号',
  '64 hex digits': '64 位十六进制数',
  'day, week or month': '日、周或月',
  'a date like 2026-11-21': '2026-11-21 这样的日期',
  'a date like 2026-10-01': '2026-10-01 这样的日期',
  'a type (业态) like restaurant, school_canteen, central_kitchen': '业态',
  'a type (业态) like restaurant, canteen, school_canteen, takeaway, bakery': '业态',
  'a code like hat_mask': '小写字母、数字或下划线的编号',
  'ok, problem or none (does not apply)': '正常、有问题或不适用',
  'the contentHash of the month': '本月台账的校验值',
  'the SHA-256 of the photo, 64 hex digits': '照片的 SHA-256 校验值',
  'a time like 22:30': '22:30 这样的时间',
  'a time like 08:30': '08:30 这样的时间',
  'a time of day like 09:30': '09:30 这样的时间',
  'an http or https address': 'http 或 https 地址',
  'null, or times from and to like 22:30 with a timeZone': '留空，或 22:30 这样的起止时间',
  'a phone number of digits, e.g. +8613800000000': '数字手机号，如 +8613800000000',
  'a push subscription, a robot (wecom, dingtalk, feishu), a webhook or a phone (sms)':
    '浏览器推送、企业微信/钉钉/飞书机器人、网络接口或短信手机号',
  'a robot (wecom, dingtalk, feishu) or webhook of a merchant or region, or a gateway of a merchant':
    '主体或辖区的机器人、网络接口，或主体的网关',
  'the number of a message': '消息编号',
  'a name like huojia.example.gov: lower-case letters, digits, dots and dashes':
    'huojia.example.gov 这样的名称：小写字母、数字、点和横线',
  'the number of an outbox row': '投递编号',
  'the 12 characters of the receipt': '回执上的 12 位字符',
  'spans a weekday, like {"mon": [["09:00", "21:00"]]}': '按星期填写的营业时段',
  'a telephone number of digits, spaces and hyphens, or nothing': '电话号码：数字、空格和横线，也可不填',
  'the six digits that the app shows': '验证器显示的六位数字',
  'a kind like no_hat': '问题种类',
  '4 to 32 digits or lower-case letters': '4 至 32 位数字或小写字母',
  'an address like https://platform.example.org/mingzao, or of a broker like mqtts://broker.example.org':
    'https:// 或 mqtts:// 开头的地址',
  'the beginning of topics, like bureau/mingzao, without wildcards':
    '主题前缀，如 bureau/mingzao，不含通配符',
  'whsec_ and 24 to 64 random bytes in base64 (Standard Webhooks)':
    'whsec_ 加 24 至 64 个随机字节的 base64（Standard Webhooks）',
  'an address like https://platform.example.org/cases': 'https:// 开头的地址',
  'a key of 8 to 200 characters that is new for each command, the same when it is sent again':
    '8 至 200 位的提交编号',
  'a key of 8 to 200 characters that is new for each order, the same when it is sent again':
    '8 至 200 位的指令编号',
  'two points [[x1, y1], [x2, y2]] from 0 to 1, one metre apart on the floor': '地面上相距一米的两点',
  "the browser's key: 65 bytes in base64url": '浏览器的推送公钥',
  '16 bytes in base64url': '浏览器的推送鉴权密钥',
};
