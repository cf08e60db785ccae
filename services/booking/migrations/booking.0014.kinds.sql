-- Of which kind each activity is, for the figures: no rule about seats asks. It stands by activity, so that it is known of
-- the sessions before this version too once catalog tells of one of them again. A version before this one writes none.
CREATE TABLE activity_kind (
    activity_id uuid PRIMARY KEY,
    kind text NOT NULL
);
