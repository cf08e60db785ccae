-- depends: volunteers.0005.afterwards

-- Through which partner the time was given, as it was when it was counted: who changes employer takes no hours along.
ALTER TABLE assignment ADD COLUMN given_through uuid CONSTRAINT assignment_given_through REFERENCES partner;
ALTER TABLE shift ADD COLUMN given_through uuid CONSTRAINT shift_given_through REFERENCES partner;
UPDATE assignment a SET given_through = v.partner_id
FROM volunteer v WHERE v.id = a.volunteer_id AND a.state = 'done' AND v.partner_id IS NOT NULL;
UPDATE shift s SET given_through = v.partner_id
FROM volunteer v WHERE v.id = s.volunteer_id AND s.state = 'done' AND v.partner_id IS NOT NULL;
CREATE INDEX assignment_through ON assignment (given_through) WHERE given_through IS NOT NULL;
CREATE INDEX shift_through ON shift (given_through) WHERE given_through IS NOT NULL;
