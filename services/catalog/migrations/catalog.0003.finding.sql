-- What people go by when they look for something: where a branch is and when it is open, what a session is about and
-- for whom, how one gets into an online one. Every column has a default, so that the version before still runs.

ALTER TABLE activity
    ADD COLUMN audiences jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN bring jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN led_by jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN booked_by text NOT NULL DEFAULT 'anyone',
    ADD CONSTRAINT activity_audiences_have_swedish
        CHECK (audiences = '{}' OR (audiences ->> 'sv' <> '' AND audiences ->> 'sv' IS NOT NULL)),
    ADD CONSTRAINT activity_bring_has_swedish
        CHECK (bring = '{}' OR (bring ->> 'sv' <> '' AND bring ->> 'sv' IS NOT NULL)),
    ADD CONSTRAINT activity_led_by_has_swedish
        CHECK (led_by = '{}' OR (led_by ->> 'sv' <> '' AND led_by ->> 'sv' IS NOT NULL)),
    ADD CONSTRAINT activity_booked_by_known CHECK (booked_by IN ('anyone', 'staff'));

ALTER TABLE session
    ADD COLUMN theme jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN meeting_link text,
    ADD COLUMN meeting_number text,
    ADD COLUMN booked_by text NOT NULL DEFAULT 'anyone',
    ADD CONSTRAINT session_theme_has_swedish
        CHECK (theme = '{}' OR (theme ->> 'sv' <> '' AND theme ->> 'sv' IS NOT NULL)),
    ADD CONSTRAINT session_meeting_only_online
        CHECK (place = 'online' OR (meeting_link IS NULL AND meeting_number IS NULL)),
    ADD CONSTRAINT session_meeting_link_is_https CHECK (meeting_link ~ '^https://[^/\s]\S*$'),
    ADD CONSTRAINT session_meeting_number_has_link CHECK (meeting_number IS NULL OR meeting_link IS NOT NULL),
    ADD CONSTRAINT session_meeting_number_is_typed CHECK (meeting_number ~ '^[0-9]+( [0-9]+)*$'),
    ADD CONSTRAINT session_booked_by_known CHECK (booked_by IN ('anyone', 'staff'));

ALTER TABLE branch
    ADD COLUMN district text NOT NULL DEFAULT '',
    ADD COLUMN stop text NOT NULL DEFAULT '',
    ADD COLUMN address_verified boolean NOT NULL DEFAULT false,
    ADD COLUMN latitude double precision,
    ADD COLUMN longitude double precision;

-- Districts are the city's eleven stadsdelsområden. Coordinates are good to about 500 m and only say what is near.
-- An address is verified where a source names it; the others name the square or centre, or nothing. A stop is left
-- out where none is known. Tests keep the last column equal to what the application folds from name, district and stop.
UPDATE branch SET
    name = known.name,
    address = known.address,
    address_verified = known.address_verified,
    district = known.district,
    stop = known.stop,
    latitude = known.latitude,
    longitude = known.longitude,
    search = known.search
FROM (VALUES
    ('kista', 'Kista bibliotek', 'Kista Galleria', true, 'Järva', 'Tunnelbana Kista', 59.403, 17.944,
        'kista bibliotek jarva tunnelbana kista'),
    ('alvik', 'Alviks bibliotek', 'Alviks torg', false, 'Bromma', 'Tunnelbana Alvik', 59.333, 17.981,
        'alviks bibliotek bromma tunnelbana alvik'),
    ('alvsjo', 'Älvsjö bibliotek', 'Älvsjö torg', false, 'Hägersten-Älvsjö', 'Pendeltåg Älvsjö', 59.279, 18.011,
        'alvsjo bibliotek hagersten-alvsjo pendeltag alvsjo'),
    ('arsta', 'Årsta bibliotek', 'Årsta torg', false, 'Enskede-Årsta-Vantör', '', 59.298, 18.051,
        'arsta bibliotek enskede-arsta-vantor'),
    ('aspudden', 'Aspuddens bibliotek', 'Aspuddens centrum', false, 'Hägersten-Älvsjö', 'Tunnelbana Aspudden', 59.306, 18.002,
        'aspuddens bibliotek hagersten-alvsjo tunnelbana aspudden'),
    ('bagarmossen', 'Bagarmossens bibliotek', 'Bagarmossens centrum', false, 'Skarpnäck', 'Tunnelbana Bagarmossen', 59.276, 18.132,
        'bagarmossens bibliotek skarpnack tunnelbana bagarmossen'),
    ('bjorkhagen', 'Björkhagens bibliotek', 'Björkhagens centrum', false, 'Skarpnäck', 'Tunnelbana Björkhagen', 59.291, 18.116,
        'bjorkhagens bibliotek skarpnack tunnelbana bjorkhagen'),
    ('blackeberg', 'Blackebergs bibliotek', 'Blackebergs torg', false, 'Bromma', 'Tunnelbana Blackeberg', 59.348, 17.883,
        'blackebergs bibliotek bromma tunnelbana blackeberg'),
    ('bredang', 'Bredängs bibliotek och PUNKT127', 'Bredängs centrum', false, 'Skärholmen', 'Tunnelbana Bredäng', 59.295, 17.934,
        'bredangs bibliotek och punkt127 skarholmen tunnelbana bredang'),
    ('brommaplan', 'Brommaplans bibliotek', 'Brommaplan', false, 'Bromma', 'Tunnelbana Brommaplan', 59.338, 17.939,
        'brommaplans bibliotek bromma tunnelbana brommaplan'),
    ('enskede', 'Enskede bibliotek', '', false, 'Enskede-Årsta-Vantör', '', 59.284, 18.072,
        'enskede bibliotek enskede-arsta-vantor'),
    ('farsta', 'Farsta bibliotek', 'Farsta centrum', false, 'Farsta', 'Tunnelbana Farsta', 59.244, 18.093,
        'farsta bibliotek farsta tunnelbana farsta'),
    ('fruangen', 'Fruängens bibliotek', 'Fruängens centrum', false, 'Hägersten-Älvsjö', 'Tunnelbana Fruängen', 59.286, 17.965,
        'fruangens bibliotek hagersten-alvsjo tunnelbana fruangen'),
    ('grondal', 'Gröndals bibliotek', 'Gröndals centrum', false, 'Hägersten-Älvsjö', 'Tvärbana Gröndal', 59.315, 18.009,
        'grondals bibliotek hagersten-alvsjo tvarbana grondal'),
    ('gubbangen', 'Gubbängens bibliotek', 'Gubbängstorget', false, 'Farsta', 'Tunnelbana Gubbängen', 59.263, 18.082,
        'gubbangens bibliotek farsta tunnelbana gubbangen'),
    ('hagsatra', 'Hagsätra bibliotek', 'Hagsätra centrum', false, 'Enskede-Årsta-Vantör', 'Tunnelbana Hagsätra', 59.263, 18.013,
        'hagsatra bibliotek enskede-arsta-vantor tunnelbana hagsatra'),
    ('hasselby-gard', 'Hässelby gårds bibliotek', 'Hässelby torg', false, 'Hässelby-Vällingby', 'Tunnelbana Hässelby gård', 59.367, 17.844,
        'hasselby gards bibliotek hasselby-vallingby tunnelbana hasselby gard'),
    ('hasselby-villastad', 'Hässelby villastads bibliotek', 'Hässelby villastads centrum', false, 'Hässelby-Vällingby', '', 59.378, 17.804,
        'hasselby villastads bibliotek hasselby-vallingby'),
    ('hogdalen', 'Högdalens bibliotek', 'Högdalens centrum', false, 'Enskede-Årsta-Vantör', 'Tunnelbana Högdalen', 59.264, 18.043,
        'hogdalens bibliotek enskede-arsta-vantor tunnelbana hogdalen'),
    ('hornstull', 'Hornstulls bibliotek', 'Hornsbruksgatan 25', false, 'Södermalm', 'Tunnelbana Hornstull', 59.316, 18.034,
        'hornstulls bibliotek sodermalm tunnelbana hornstull'),
    ('husby', 'Husby bibliotek', 'Husby centrum', false, 'Järva', 'Tunnelbana Husby', 59.410, 17.926,
        'husby bibliotek jarva tunnelbana husby'),
    ('kungsholmen', 'Kungsholmens bibliotek och Internationella biblioteket', 'S:t Eriksgatan 33', true, 'Kungsholmen', 'Tunnelbana Fridhemsplan', 59.333, 18.031,
        'kungsholmens bibliotek och internationella biblioteket kungsholmen tunnelbana fridhemsplan'),
    ('luma', 'Luma bibliotek', '', false, 'Södermalm', 'Tvärbana Luma', 59.304, 18.096,
        'luma bibliotek sodermalm tvarbana luma'),
    ('norra-djurgardsstaden', 'Norra Djurgårdsstadens bibliotek', 'Bobergsgatan 81', true, 'Norra innerstaden', '', 59.356, 18.091,
        'norra djurgardsstadens bibliotek norra innerstaden'),
    ('orby', 'Örby bibliotek', '', false, 'Enskede-Årsta-Vantör', '', 59.272, 18.029,
        'orby bibliotek enskede-arsta-vantor'),
    ('ostberga', 'Östberga bibliotek', 'Östbergatorget', false, 'Enskede-Årsta-Vantör', '', 59.289, 18.033,
        'ostberga bibliotek enskede-arsta-vantor'),
    ('ostermalm', 'Östermalms bibliotek', '', false, 'Norra innerstaden', 'Tunnelbana Karlaplan', 59.339, 18.091,
        'ostermalms bibliotek norra innerstaden tunnelbana karlaplan'),
    ('rinkeby', 'Rinkeby bibliotek', 'Rinkeby torg', false, 'Järva', 'Tunnelbana Rinkeby', 59.389, 17.929,
        'rinkeby bibliotek jarva tunnelbana rinkeby'),
    ('skarholmen', 'Skärholmens bibliotek', 'Bodholmsplan 2', false, 'Skärholmen', 'Tunnelbana Skärholmen', 59.277, 17.907,
        'skarholmens bibliotek skarholmen tunnelbana skarholmen'),
    ('skarpnack', 'Skarpnäcks bibliotek', 'Skarpnäcks torg', false, 'Skarpnäck', 'Tunnelbana Skarpnäck', 59.267, 18.133,
        'skarpnacks bibliotek skarpnack tunnelbana skarpnack'),
    ('skondal', 'Sköndals bibliotek', 'Sköndals centrum', false, 'Farsta', '', 59.257, 18.113,
        'skondals bibliotek farsta'),
    ('spanga', 'Spånga bibliotek', 'Spånga torg', false, 'Järva', 'Pendeltåg Spånga', 59.383, 17.899,
        'spanga bibliotek jarva pendeltag spanga'),
    ('stadsbiblioteket', 'Stadsbiblioteket', 'Sveavägen', true, 'Norra innerstaden', 'Tunnelbana Odenplan', 59.343, 18.055,
        'stadsbiblioteket norra innerstaden tunnelbana odenplan'),
    ('stora-essingen', 'Stora Essingens bibliotek', 'Essingetorget', false, 'Kungsholmen', 'Tvärbana Stora Essingen', 59.325, 17.993,
        'stora essingens bibliotek kungsholmen tvarbana stora essingen'),
    ('sture', 'Sture bibliotek', 'Stureplan', false, 'Norra innerstaden', 'Tunnelbana Östermalmstorg', 59.336, 18.074,
        'sture bibliotek norra innerstaden tunnelbana ostermalmstorg'),
    ('telefonplan', 'Telefonplans bibliotek', 'Telefonplan', false, 'Hägersten-Älvsjö', 'Tunnelbana Telefonplan', 59.298, 17.997,
        'telefonplans bibliotek hagersten-alvsjo tunnelbana telefonplan'),
    ('tensta', 'Tensta bibliotek', 'Tensta centrum', false, 'Järva', 'Tunnelbana Tensta', 59.395, 17.901,
        'tensta bibliotek jarva tunnelbana tensta'),
    ('transtromer', 'Tranströmerbiblioteket', 'Medborgarplatsen', true, 'Södermalm', 'Tunnelbana Medborgarplatsen', 59.314, 18.073,
        'transtromerbiblioteket sodermalm tunnelbana medborgarplatsen'),
    ('vallingby', 'Vällingby bibliotek', 'Vällingby centrum', false, 'Hässelby-Vällingby', 'Tunnelbana Vällingby', 59.363, 17.872,
        'vallingby bibliotek hasselby-vallingby tunnelbana vallingby')
) AS known (id, name, address, address_verified, district, stop, latitude, longitude, search)
WHERE branch.id = known.id;

ALTER TABLE branch
    ALTER COLUMN latitude SET NOT NULL,
    ALTER COLUMN longitude SET NOT NULL,
    ADD CONSTRAINT branch_on_earth CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180);

-- When one may come in, by the clock on the wall; more rows a day are possible. Not staffed: meröppet, for those
-- with an agreement and a card.
CREATE TABLE branch_hours (
    branch_id text NOT NULL CONSTRAINT branch_hours_branch REFERENCES branch,
    weekday int NOT NULL,
    opens time NOT NULL,
    closes time NOT NULL,
    staffed boolean NOT NULL,
    PRIMARY KEY (branch_id, weekday, opens),
    CONSTRAINT branch_hours_weekday_known CHECK (weekday BETWEEN 0 AND 6),
    CONSTRAINT branch_hours_close_after_opening CHECK (closes > opens)
);
COMMENT ON COLUMN branch_hours.weekday IS '0 is Monday';

-- Days on which a branch, or without one every branch, is shut besides the red days of the calendar.
CREATE TABLE closure (
    id uuid PRIMARY KEY,
    branch_id text CONSTRAINT closure_branch REFERENCES branch,
    first_day date NOT NULL,
    last_day date NOT NULL,
    reasons jsonb NOT NULL,
    CONSTRAINT closure_last_day_not_before_first CHECK (last_day >= first_day),
    CONSTRAINT closure_reasons_have_swedish CHECK (reasons ->> 'sv' <> '' AND reasons ->> 'sv' IS NOT NULL)
);

CREATE INDEX closure_last_day ON closure (last_day);

-- Names people know a part of the city by, for finding the nearest branches.
CREATE TABLE place (
    name text PRIMARY KEY,
    search text NOT NULL,
    latitude double precision NOT NULL,
    longitude double precision NOT NULL,
    CONSTRAINT place_search_unique UNIQUE (search),
    CONSTRAINT place_on_earth CHECK (latitude BETWEEN -90 AND 90 AND longitude BETWEEN -180 AND 180)
);
