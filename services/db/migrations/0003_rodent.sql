-- Rodents: the scale of a camera, and the starting rule in databases that were there before it.

-- two points [[x, y], [x, y]] in 0..1 of the picture that lie one metre apart on the floor; null: nobody has drawn it
alter table camera add column metre_line jsonb;

insert into rule (region_id, zone_kind, kind, enabled, k, n, min_duration_s, min_size_px, min_score, merge_window_min,
                  daily_cap, hours, class)
values (null, null, 'rodent', true, 3, 8, 0.5, 10, 0.5, 720, 6, 'always', 1)
on conflict do nothing;
