-- What is parked is tried again every hour: due is whatever has its time, and the primary key gives the order.
DROP INDEX outbox_due;
CREATE INDEX outbox_parked ON outbox (id) WHERE parked_at IS NOT NULL;
