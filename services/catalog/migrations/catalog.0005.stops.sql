-- What stops near a branch and what the stop is called, apart, so that a page can say the first in its own language.
-- The column `stop` stays for the version before, which reads it.

ALTER TABLE branch
    ADD COLUMN stop_kind text NOT NULL DEFAULT '',
    ADD COLUMN stop_name text NOT NULL DEFAULT '',
    ADD CONSTRAINT branch_stop_kind_known CHECK (stop_kind IN ('', 'metro', 'tram', 'train', 'bus', 'boat')),
    ADD CONSTRAINT branch_stop_has_kind_and_name CHECK ((stop_kind = '') = (stop_name = ''));

UPDATE branch SET
    stop_kind = CASE split_part(stop, ' ', 1)
        WHEN 'Tunnelbana' THEN 'metro' WHEN 'Tvärbana' THEN 'tram' WHEN 'Pendeltåg' THEN 'train'
    END,
    stop_name = substr(stop, strpos(stop, ' ') + 1)
WHERE stop <> '';
