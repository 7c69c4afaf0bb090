-- 三本账: checklists by type of business, the merchant's books, and the photos of answers that arrive in parts.

-- 风险管控清单. A change is a new version; records name the version they were made by.
create table checklist (
  id uuid primary key default gen_random_uuid(),
  -- null: everywhere
  region_id uuid references region (id),
  -- 业态; null: every type that has none of its own
  merchant_type text check (merchant_type ~ '^[a-z][a-z_]{0,31}$'),
  period text not null check (period in ('day', 'week', 'month')),
  version integer not null check (version >= 1),
  title text not null,
  title_en text not null,
  -- [{code, text, textEn, kinds, faults}] (services/domain/ledger.ts)
  items jsonb not null check (jsonb_typeof(items) = 'array'),
  changed_by uuid references account (id),
  changed_at timestamptz not null default now(),
  constraint checklist_version unique nulls not distinct (region_id, merchant_type, period, version)
);
create trigger checklist_append_only before update or delete on checklist for each row execute function refuse_change();

-- 日管控, 周排查, 月调度. Appended: a correction is the next revision, what was there stays.
create table ledger_record (
  id uuid primary key default gen_random_uuid(),
  merchant_id uuid not null references merchant (id),
  period text not null check (period in ('day', 'week', 'month')),
  -- first day, local, YYYY-MM-DD
  start text not null check (start ~ '^\d{4}-\d\d-\d\d$'),
  revision integer not null check (revision >= 1),
  checklist_id uuid not null references checklist (id),
  -- [{code, result, note}]
  answers jsonb not null,
  -- what the cameras said when it was written
  facts jsonb not null,
  summary text not null,
  -- over all of it (services/db/ledger.ts)
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  account_id uuid not null references account (id),
  at timestamptz not null,
  unique (merchant_id, period, start, revision)
);
create index ledger_record_month on ledger_record (start, merchant_id);
create trigger ledger_record_append_only before update or delete on ledger_record for each row execute function refuse_change();

-- The owner's signature under a month: after it the month takes no more records.
create table ledger_signature (
  id uuid primary key default gen_random_uuid(),
  merchant_id uuid not null references merchant (id),
  month text not null check (month ~ '^\d{4}-\d\d-01$'),
  -- ids of the records that it stands under
  records jsonb not null,
  content_hash text not null check (content_hash ~ '^[0-9a-f]{64}$'),
  account_id uuid not null references account (id),
  at timestamptz not null,
  unique (merchant_id, month)
);
create trigger ledger_signature_append_only before update or delete on ledger_signature for each row execute function refuse_change();

-- A photo that is under way on a bad line; gone once it is whole, or after two days.
create table photo_upload (
  id uuid primary key default gen_random_uuid(),
  task_id uuid not null references task (id) on delete cascade,
  account_id uuid not null references account (id),
  -- of the whole photo, as its sender says; checked when it is whole
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  bytes integer not null check (bytes > 0),
  created_at timestamptz not null,
  unique (task_id, account_id, sha256)
);
create index photo_upload_age on photo_upload (created_at);
create table photo_upload_part (
  upload_id uuid not null references photo_upload (id) on delete cascade,
  position integer not null check (position >= 0),
  data bytea not null,
  primary key (upload_id, position)
);

-- Where a fresh installation starts; a bureau adds its own versions.
insert into checklist (region_id, merchant_type, period, version, title, title_en, items) values
(null, null, 'day', 1, '每日食品安全检查记录', 'Daily food-safety check', $json$[
  {"code": "staff_health", "text": "晨检：从业人员健康证有效，无发热、腹泻、手部伤口", "textEn": "Morning check: health certificates valid; no fever, diarrhoea or wounds on hands", "kinds": [], "faults": false},
  {"code": "hat_mask", "text": "工作衣帽清洁、佩戴规范，专间人员戴口罩", "textEn": "Clean uniform, hat worn properly; masks in the special room", "kinds": ["no_hat", "no_mask", "no_uniform"], "faults": false},
  {"code": "conduct", "text": "操作区内无吸烟、玩手机、无关人员", "textEn": "No smoking, no phones, no strangers where food is handled", "kinds": ["smoking", "phone", "intruder"], "faults": false},
  {"code": "pests", "text": "无鼠、蟑螂、苍蝇及其活动痕迹", "textEn": "No rats, cockroaches or flies, nor traces of them", "kinds": ["rodent"], "faults": false},
  {"code": "purchase", "text": "进货查验：票据、合格证明齐全，感官正常", "textEn": "Goods received: invoices and certificates complete, look and smell normal", "kinds": [], "faults": false},
  {"code": "expired", "text": "无过期、变质、标签不全的食品", "textEn": "Nothing expired, spoiled or without a label", "kinds": [], "faults": false},
  {"code": "storage", "text": "生熟分开，离地离墙；冷藏 0～8℃，冷冻 -12℃ 以下", "textEn": "Raw and cooked apart, off floor and walls; chilled at 0–8 °C, frozen below -12 °C", "kinds": [], "faults": false},
  {"code": "cooking", "text": "烧熟煮透，食品中心温度不低于 70℃", "textEn": "Cooked through: at least 70 °C in the middle", "kinds": [], "faults": false},
  {"code": "disinfection", "text": "餐饮具清洗、消毒、保洁到位", "textEn": "Dishes washed, disinfected and kept clean", "kinds": [], "faults": false},
  {"code": "waste", "text": "垃圾桶加盖，餐厨废弃物当日清运", "textEn": "Bins covered, kitchen waste removed the same day", "kinds": ["bin_open"], "faults": false},
  {"code": "fire", "text": "用火有人看管，下班关闭燃气、电源", "textEn": "Fire attended; gas and power off after work", "kinds": ["fire_unattended"], "faults": false},
  {"code": "camera", "text": "后厨摄像头在线，画面清晰无遮挡", "textEn": "Kitchen cameras online, clear and uncovered", "kinds": [], "faults": true}
]$json$),
(null, null, 'week', 1, '每周食品安全排查治理报告', 'Weekly food-safety report', $json$[
  {"code": "days_done", "text": "本周日管控记录完整，零风险日也有记录", "textEn": "The week’s daily checks are complete, also for days without risk", "kinds": [], "faults": false},
  {"code": "problems_closed", "text": "本周发现的问题全部整改到位", "textEn": "Every problem found this week was put right", "kinds": ["no_hat", "no_mask", "rodent", "smoking", "phone", "no_uniform", "bin_open", "intruder", "fire_unattended", "other"], "faults": false},
  {"code": "equipment", "text": "冷藏、消毒、通风、防蝇防鼠设施运转正常", "textEn": "Fridges, disinfection, ventilation and pest barriers work", "kinds": [], "faults": false},
  {"code": "camera", "text": "摄像头一周内无长时间离线、遮挡", "textEn": "No camera was offline or covered for long this week", "kinds": [], "faults": true},
  {"code": "suppliers", "text": "供应商资质有效，进货台账完整", "textEn": "Suppliers’ licences valid, purchase records complete", "kinds": [], "faults": false},
  {"code": "additives", "text": "食品添加剂使用、存放、记录规范", "textEn": "Additives used, kept and recorded properly", "kinds": [], "faults": false},
  {"code": "training", "text": "从业人员本周培训或提醒已开展", "textEn": "Staff were trained or reminded this week", "kinds": [], "faults": false}
]$json$),
(null, null, 'month', 1, '每月食品安全调度会议纪要', 'Monthly food-safety meeting', $json$[
  {"code": "report_heard", "text": "主要负责人听取食品安全总监（员）工作汇报", "textEn": "The owner heard the food-safety director’s (officer’s) report", "kinds": [], "faults": false},
  {"code": "weeks_done", "text": "本月周排查报告完整，遗留问题有结论", "textEn": "The month’s weekly reports are complete, open problems have an outcome", "kinds": [], "faults": false},
  {"code": "problems_closed", "text": "本月整改任务按期完成，反复问题查明原因", "textEn": "The month’s tasks were done in time; causes of repeated problems are known", "kinds": ["no_hat", "no_mask", "rodent", "smoking", "phone", "no_uniform", "bin_open", "intruder", "fire_unattended", "other"], "faults": false},
  {"code": "risk_list", "text": "风险管控清单已根据实际情况更新", "textEn": "The list of risks was brought up to date", "kinds": [], "faults": false},
  {"code": "complaints", "text": "投诉举报和消费者意见已处理", "textEn": "Complaints and customers’ opinions were dealt with", "kinds": [], "faults": false},
  {"code": "staff", "text": "人员、设施投入满足需要，下月重点已明确", "textEn": "People and equipment suffice; next month’s main points are set", "kinds": [], "faults": false}
]$json$),
(null, 'school_canteen', 'day', 1, '每日食品安全检查记录', 'Daily food-safety check', $json$[
  {"code": "staff_health", "text": "晨检：从业人员健康证有效，无发热、腹泻、手部伤口", "textEn": "Morning check: health certificates valid; no fever, diarrhoea or wounds on hands", "kinds": [], "faults": false},
  {"code": "hat_mask", "text": "工作衣帽清洁、佩戴规范，专间人员戴口罩", "textEn": "Clean uniform, hat worn properly; masks in the special room", "kinds": ["no_hat", "no_mask", "no_uniform"], "faults": false},
  {"code": "conduct", "text": "操作区内无吸烟、玩手机、无关人员", "textEn": "No smoking, no phones, no strangers where food is handled", "kinds": ["smoking", "phone", "intruder"], "faults": false},
  {"code": "pests", "text": "无鼠、蟑螂、苍蝇及其活动痕迹", "textEn": "No rats, cockroaches or flies, nor traces of them", "kinds": ["rodent"], "faults": false},
  {"code": "purchase", "text": "进货查验：票据、合格证明齐全，感官正常", "textEn": "Goods received: invoices and certificates complete, look and smell normal", "kinds": [], "faults": false},
  {"code": "expired", "text": "无过期、变质、标签不全的食品", "textEn": "Nothing expired, spoiled or without a label", "kinds": [], "faults": false},
  {"code": "storage", "text": "生熟分开，离地离墙；冷藏 0～8℃，冷冻 -12℃ 以下", "textEn": "Raw and cooked apart, off floor and walls; chilled at 0–8 °C, frozen below -12 °C", "kinds": [], "faults": false},
  {"code": "cooking", "text": "烧熟煮透，食品中心温度不低于 70℃", "textEn": "Cooked through: at least 70 °C in the middle", "kinds": [], "faults": false},
  {"code": "disinfection", "text": "餐饮具清洗、消毒、保洁到位", "textEn": "Dishes washed, disinfected and kept clean", "kinds": [], "faults": false},
  {"code": "waste", "text": "垃圾桶加盖，餐厨废弃物当日清运", "textEn": "Bins covered, kitchen waste removed the same day", "kinds": ["bin_open"], "faults": false},
  {"code": "fire", "text": "用火有人看管，下班关闭燃气、电源", "textEn": "Fire attended; gas and power off after work", "kinds": ["fire_unattended"], "faults": false},
  {"code": "camera", "text": "后厨摄像头在线，画面清晰无遮挡", "textEn": "Kitchen cameras online, clear and uncovered", "kinds": [], "faults": true},
  {"code": "sample", "text": "每餐次每个品种留样不少于 125 克，冷藏存放 48 小时以上", "textEn": "Samples of every dish and meal: at least 125 g, kept chilled for 48 hours or more", "kinds": [], "faults": false},
  {"code": "accompany", "text": "学校相关负责人陪餐并记录", "textEn": "A member of the school ate along and wrote it down", "kinds": [], "faults": false},
  {"code": "forbidden", "text": "未制售冷荤类、生食类、裱花蛋糕，未使用四季豆、鲜黄花菜等高风险食材", "textEn": "No cold meat dishes, raw food or cream cakes; no green beans, fresh day lilies or other risky food", "kinds": [], "faults": false}
]$json$),
(null, 'school_canteen', 'week', 1, '每周食品安全排查治理报告', 'Weekly food-safety report', $json$[
  {"code": "days_done", "text": "本周日管控记录完整，零风险日也有记录", "textEn": "The week’s daily checks are complete, also for days without risk", "kinds": [], "faults": false},
  {"code": "problems_closed", "text": "本周发现的问题全部整改到位", "textEn": "Every problem found this week was put right", "kinds": ["no_hat", "no_mask", "rodent", "smoking", "phone", "no_uniform", "bin_open", "intruder", "fire_unattended", "other"], "faults": false},
  {"code": "equipment", "text": "冷藏、消毒、通风、防蝇防鼠设施运转正常", "textEn": "Fridges, disinfection, ventilation and pest barriers work", "kinds": [], "faults": false},
  {"code": "camera", "text": "摄像头一周内无长时间离线、遮挡", "textEn": "No camera was offline or covered for long this week", "kinds": [], "faults": true},
  {"code": "suppliers", "text": "供应商资质有效，进货台账完整", "textEn": "Suppliers’ licences valid, purchase records complete", "kinds": [], "faults": false},
  {"code": "additives", "text": "食品添加剂使用、存放、记录规范", "textEn": "Additives used, kept and recorded properly", "kinds": [], "faults": false},
  {"code": "training", "text": "从业人员本周培训或提醒已开展", "textEn": "Staff were trained or reminded this week", "kinds": [], "faults": false},
  {"code": "sample", "text": "留样柜温度、留样标签与记录逐一核对", "textEn": "Sample fridge, labels and records compared one by one", "kinds": [], "faults": false},
  {"code": "accompany", "text": "陪餐记录完整，师生意见已处理", "textEn": "Records of meals taken along complete, opinions of pupils and staff dealt with", "kinds": [], "faults": false}
]$json$),
(null, 'school_canteen', 'month', 1, '每月食品安全调度会议纪要', 'Monthly food-safety meeting', $json$[
  {"code": "report_heard", "text": "主要负责人听取食品安全总监（员）工作汇报", "textEn": "The owner heard the food-safety director’s (officer’s) report", "kinds": [], "faults": false},
  {"code": "weeks_done", "text": "本月周排查报告完整，遗留问题有结论", "textEn": "The month’s weekly reports are complete, open problems have an outcome", "kinds": [], "faults": false},
  {"code": "problems_closed", "text": "本月整改任务按期完成，反复问题查明原因", "textEn": "The month’s tasks were done in time; causes of repeated problems are known", "kinds": ["no_hat", "no_mask", "rodent", "smoking", "phone", "no_uniform", "bin_open", "intruder", "fire_unattended", "other"], "faults": false},
  {"code": "risk_list", "text": "风险管控清单已根据实际情况更新", "textEn": "The list of risks was brought up to date", "kinds": [], "faults": false},
  {"code": "complaints", "text": "投诉举报和消费者意见已处理", "textEn": "Complaints and customers’ opinions were dealt with", "kinds": [], "faults": false},
  {"code": "staff", "text": "人员、设施投入满足需要，下月重点已明确", "textEn": "People and equipment suffice; next month’s main points are set", "kinds": [], "faults": false},
  {"code": "committee", "text": "家长代表或膳食委员会意见已听取", "textEn": "Parents or the meal committee were heard", "kinds": [], "faults": false}
]$json$),
(null, 'restaurant', 'day', 1, '每日食品安全检查记录', 'Daily food-safety check', $json$[
  {"code": "staff_health", "text": "晨检：从业人员健康证有效，无发热、腹泻、手部伤口", "textEn": "Morning check: health certificates valid; no fever, diarrhoea or wounds on hands", "kinds": [], "faults": false},
  {"code": "hat_mask", "text": "工作衣帽清洁、佩戴规范，专间人员戴口罩", "textEn": "Clean uniform, hat worn properly; masks in the special room", "kinds": ["no_hat", "no_mask", "no_uniform"], "faults": false},
  {"code": "conduct", "text": "操作区内无吸烟、玩手机、无关人员", "textEn": "No smoking, no phones, no strangers where food is handled", "kinds": ["smoking", "phone", "intruder"], "faults": false},
  {"code": "pests", "text": "无鼠、蟑螂、苍蝇及其活动痕迹", "textEn": "No rats, cockroaches or flies, nor traces of them", "kinds": ["rodent"], "faults": false},
  {"code": "purchase", "text": "进货查验：票据、合格证明齐全，感官正常", "textEn": "Goods received: invoices and certificates complete, look and smell normal", "kinds": [], "faults": false},
  {"code": "expired", "text": "无过期、变质、标签不全的食品", "textEn": "Nothing expired, spoiled or without a label", "kinds": [], "faults": false},
  {"code": "storage", "text": "生熟分开，离地离墙；冷藏 0～8℃，冷冻 -12℃ 以下", "textEn": "Raw and cooked apart, off floor and walls; chilled at 0–8 °C, frozen below -12 °C", "kinds": [], "faults": false},
  {"code": "cooking", "text": "烧熟煮透，食品中心温度不低于 70℃", "textEn": "Cooked through: at least 70 °C in the middle", "kinds": [], "faults": false},
  {"code": "disinfection", "text": "餐饮具清洗、消毒、保洁到位", "textEn": "Dishes washed, disinfected and kept clean", "kinds": [], "faults": false},
  {"code": "waste", "text": "垃圾桶加盖，餐厨废弃物当日清运", "textEn": "Bins covered, kitchen waste removed the same day", "kinds": ["bin_open"], "faults": false},
  {"code": "fire", "text": "用火有人看管，下班关闭燃气、电源", "textEn": "Fire attended; gas and power off after work", "kinds": ["fire_unattended"], "faults": false},
  {"code": "camera", "text": "后厨摄像头在线，画面清晰无遮挡", "textEn": "Kitchen cameras online, clear and uncovered", "kinds": [], "faults": true},
  {"code": "delivery", "text": "外卖餐食使用封签，包装完好", "textEn": "Takeaway food sealed, packing intact", "kinds": [], "faults": false},
  {"code": "additives", "text": "食品添加剂专人、专柜、称量、登记", "textEn": "Additives: one person, one cupboard, weighed and written down", "kinds": [], "faults": false}
]$json$),
(null, 'restaurant', 'week', 1, '每周食品安全排查治理报告', 'Weekly food-safety report', $json$[
  {"code": "days_done", "text": "本周日管控记录完整，零风险日也有记录", "textEn": "The week’s daily checks are complete, also for days without risk", "kinds": [], "faults": false},
  {"code": "problems_closed", "text": "本周发现的问题全部整改到位", "textEn": "Every problem found this week was put right", "kinds": ["no_hat", "no_mask", "rodent", "smoking", "phone", "no_uniform", "bin_open", "intruder", "fire_unattended", "other"], "faults": false},
  {"code": "equipment", "text": "冷藏、消毒、通风、防蝇防鼠设施运转正常", "textEn": "Fridges, disinfection, ventilation and pest barriers work", "kinds": [], "faults": false},
  {"code": "camera", "text": "摄像头一周内无长时间离线、遮挡", "textEn": "No camera was offline or covered for long this week", "kinds": [], "faults": true},
  {"code": "suppliers", "text": "供应商资质有效，进货台账完整", "textEn": "Suppliers’ licences valid, purchase records complete", "kinds": [], "faults": false},
  {"code": "additives", "text": "食品添加剂使用、存放、记录规范", "textEn": "Additives used, kept and recorded properly", "kinds": [], "faults": false},
  {"code": "training", "text": "从业人员本周培训或提醒已开展", "textEn": "Staff were trained or reminded this week", "kinds": [], "faults": false}
]$json$),
(null, 'restaurant', 'month', 1, '每月食品安全调度会议纪要', 'Monthly food-safety meeting', $json$[
  {"code": "report_heard", "text": "主要负责人听取食品安全总监（员）工作汇报", "textEn": "The owner heard the food-safety director’s (officer’s) report", "kinds": [], "faults": false},
  {"code": "weeks_done", "text": "本月周排查报告完整，遗留问题有结论", "textEn": "The month’s weekly reports are complete, open problems have an outcome", "kinds": [], "faults": false},
  {"code": "problems_closed", "text": "本月整改任务按期完成，反复问题查明原因", "textEn": "The month’s tasks were done in time; causes of repeated problems are known", "kinds": ["no_hat", "no_mask", "rodent", "smoking", "phone", "no_uniform", "bin_open", "intruder", "fire_unattended", "other"], "faults": false},
  {"code": "risk_list", "text": "风险管控清单已根据实际情况更新", "textEn": "The list of risks was brought up to date", "kinds": [], "faults": false},
  {"code": "complaints", "text": "投诉举报和消费者意见已处理", "textEn": "Complaints and customers’ opinions were dealt with", "kinds": [], "faults": false},
  {"code": "staff", "text": "人员、设施投入满足需要，下月重点已明确", "textEn": "People and equipment suffice; next month’s main points are set", "kinds": [], "faults": false}
]$json$),
(null, 'central_kitchen', 'day', 1, '每日食品安全检查记录', 'Daily food-safety check', $json$[
  {"code": "staff_health", "text": "晨检：从业人员健康证有效，无发热、腹泻、手部伤口", "textEn": "Morning check: health certificates valid; no fever, diarrhoea or wounds on hands", "kinds": [], "faults": false},
  {"code": "hat_mask", "text": "工作衣帽清洁、佩戴规范，专间人员戴口罩", "textEn": "Clean uniform, hat worn properly; masks in the special room", "kinds": ["no_hat", "no_mask", "no_uniform"], "faults": false},
  {"code": "conduct", "text": "操作区内无吸烟、玩手机、无关人员", "textEn": "No smoking, no phones, no strangers where food is handled", "kinds": ["smoking", "phone", "intruder"], "faults": false},
  {"code": "pests", "text": "无鼠、蟑螂、苍蝇及其活动痕迹", "textEn": "No rats, cockroaches or flies, nor traces of them", "kinds": ["rodent"], "faults": false},
  {"code": "purchase", "text": "进货查验：票据、合格证明齐全，感官正常", "textEn": "Goods received: invoices and certificates complete, look and smell normal", "kinds": [], "faults": false},
  {"code": "expired", "text": "无过期、变质、标签不全的食品", "textEn": "Nothing expired, spoiled or without a label", "kinds": [], "faults": false},
  {"code": "storage", "text": "生熟分开，离地离墙；冷藏 0～8℃，冷冻 -12℃ 以下", "textEn": "Raw and cooked apart, off floor and walls; chilled at 0–8 °C, frozen below -12 °C", "kinds": [], "faults": false},
  {"code": "cooking", "text": "烧熟煮透，食品中心温度不低于 70℃", "textEn": "Cooked through: at least 70 °C in the middle", "kinds": [], "faults": false},
  {"code": "disinfection", "text": "餐饮具清洗、消毒、保洁到位", "textEn": "Dishes washed, disinfected and kept clean", "kinds": [], "faults": false},
  {"code": "waste", "text": "垃圾桶加盖，餐厨废弃物当日清运", "textEn": "Bins covered, kitchen waste removed the same day", "kinds": ["bin_open"], "faults": false},
  {"code": "fire", "text": "用火有人看管，下班关闭燃气、电源", "textEn": "Fire attended; gas and power off after work", "kinds": ["fire_unattended"], "faults": false},
  {"code": "camera", "text": "后厨摄像头在线，画面清晰无遮挡", "textEn": "Kitchen cameras online, clear and uncovered", "kinds": [], "faults": true},
  {"code": "temperature", "text": "分装间温度符合要求，成品快速冷却", "textEn": "Packing room at the right temperature, products cooled fast", "kinds": [], "faults": false},
  {"code": "label", "text": "成品标签注明名称、加工时间、保存条件、保质期", "textEn": "Labels give name, time made, storage and use-by", "kinds": [], "faults": false},
  {"code": "transport", "text": "配送车辆、容器清洁，冷藏或热藏温度有记录", "textEn": "Vehicles and boxes clean; temperatures on the way written down", "kinds": [], "faults": false},
  {"code": "sample", "text": "每批成品留样并记录", "textEn": "A sample of every batch, written down", "kinds": [], "faults": false}
]$json$),
(null, 'central_kitchen', 'week', 1, '每周食品安全排查治理报告', 'Weekly food-safety report', $json$[
  {"code": "days_done", "text": "本周日管控记录完整，零风险日也有记录", "textEn": "The week’s daily checks are complete, also for days without risk", "kinds": [], "faults": false},
  {"code": "problems_closed", "text": "本周发现的问题全部整改到位", "textEn": "Every problem found this week was put right", "kinds": ["no_hat", "no_mask", "rodent", "smoking", "phone", "no_uniform", "bin_open", "intruder", "fire_unattended", "other"], "faults": false},
  {"code": "equipment", "text": "冷藏、消毒、通风、防蝇防鼠设施运转正常", "textEn": "Fridges, disinfection, ventilation and pest barriers work", "kinds": [], "faults": false},
  {"code": "camera", "text": "摄像头一周内无长时间离线、遮挡", "textEn": "No camera was offline or covered for long this week", "kinds": [], "faults": true},
  {"code": "suppliers", "text": "供应商资质有效，进货台账完整", "textEn": "Suppliers’ licences valid, purchase records complete", "kinds": [], "faults": false},
  {"code": "additives", "text": "食品添加剂使用、存放、记录规范", "textEn": "Additives used, kept and recorded properly", "kinds": [], "faults": false},
  {"code": "training", "text": "从业人员本周培训或提醒已开展", "textEn": "Staff were trained or reminded this week", "kinds": [], "faults": false},
  {"code": "temperature", "text": "分装间、冷库、配送温度记录完整", "textEn": "Temperatures of packing room, cold store and transport complete", "kinds": [], "faults": false},
  {"code": "test", "text": "成品检验或抽检结果已核对", "textEn": "Results of product tests were checked", "kinds": [], "faults": false}
]$json$),
(null, 'central_kitchen', 'month', 1, '每月食品安全调度会议纪要', 'Monthly food-safety meeting', $json$[
  {"code": "report_heard", "text": "主要负责人听取食品安全总监（员）工作汇报", "textEn": "The owner heard the food-safety director’s (officer’s) report", "kinds": [], "faults": false},
  {"code": "weeks_done", "text": "本月周排查报告完整，遗留问题有结论", "textEn": "The month’s weekly reports are complete, open problems have an outcome", "kinds": [], "faults": false},
  {"code": "problems_closed", "text": "本月整改任务按期完成，反复问题查明原因", "textEn": "The month’s tasks were done in time; causes of repeated problems are known", "kinds": ["no_hat", "no_mask", "rodent", "smoking", "phone", "no_uniform", "bin_open", "intruder", "fire_unattended", "other"], "faults": false},
  {"code": "risk_list", "text": "风险管控清单已根据实际情况更新", "textEn": "The list of risks was brought up to date", "kinds": [], "faults": false},
  {"code": "complaints", "text": "投诉举报和消费者意见已处理", "textEn": "Complaints and customers’ opinions were dealt with", "kinds": [], "faults": false},
  {"code": "staff", "text": "人员、设施投入满足需要，下月重点已明确", "textEn": "People and equipment suffice; next month’s main points are set", "kinds": [], "faults": false},
  {"code": "recall", "text": "追溯与召回演练或核查已开展", "textEn": "Tracing and recall were tried or checked", "kinds": [], "faults": false}
]$json$);
