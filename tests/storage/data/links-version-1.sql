-- What version 1 of the list of links wrote, as text. It never changes.
PRAGMA application_id = 1296845899;
PRAGMA user_version = 1;
CREATE TABLE numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO numbers VALUES ('last id', 3);
CREATE TABLE links (
  place INTEGER PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  made INTEGER NOT NULL,
  environment TEXT NOT NULL,
  host TEXT NOT NULL,
  customer TEXT NOT NULL,
  ticket TEXT NOT NULL,
  note TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  meld_customer_id TEXT NOT NULL,
  institution_id TEXT NOT NULL,
  institution_name TEXT NOT NULL,
  products TEXT NOT NULL,
  optional_products TEXT NOT NULL,
  regions TEXT NOT NULL,
  request TEXT NOT NULL,
  request_id TEXT NOT NULL,
  expires INTEGER NOT NULL,
  status TEXT NOT NULL,
  status_reason TEXT NOT NULL,
  status_at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  words TEXT NOT NULL
);
CREATE INDEX links_customer ON links (customer COLLATE NOCASE);
CREATE INDEX links_ticket ON links (ticket COLLATE NOCASE);
CREATE INDEX links_institution ON links (institution_name COLLATE NOCASE);
CREATE INDEX links_environment ON links (environment COLLATE NOCASE);
CREATE INDEX links_status ON links (status COLLATE NOCASE);
CREATE INDEX links_expires ON links (expires);
CREATE VIRTUAL TABLE links_fts USING fts5(words, content='links', content_rowid='place', tokenize='trigram');
CREATE TRIGGER links_added AFTER INSERT ON links BEGIN
  INSERT INTO links_fts (rowid, words) VALUES (new.place, new.words);
END;
CREATE TRIGGER links_removed AFTER DELETE ON links BEGIN
  INSERT INTO links_fts (links_fts, rowid, words) VALUES ('delete', old.place, old.words);
END;
CREATE TRIGGER links_changed AFTER UPDATE OF words ON links WHEN old.words <> new.words BEGIN
  INSERT INTO links_fts (links_fts, rowid, words) VALUES ('delete', old.place, old.words);
  INSERT INTO links_fts (rowid, words) VALUES (new.place, new.words);
END;
INSERT INTO links (place, words, id, made, environment, host, customer, ticket, note, connection_id, meld_customer_id, institution_id, institution_name, products, optional_products, regions, request, request_id, expires, status, status_reason, status_at, outcome) VALUES (1770127506789, '' || char(29) || 'customer-7' || char(29) || '' || char(10) || 'first' || char(10) || 'chase' || char(10) || '' || char(31) || '' || char(31) || 'cu' || char(31) || '' || char(31) || '7' || char(31) || '' || char(31) || 'fi' || char(31) || '' || char(31) || 'ch' || char(30) || 'eb' || char(30) || 'sb', 1, 1770127506789012, 'sandbox', '', 'customer-7', '', 'first', '', '', '', 'Chase', '', '', '', '', '', 1770141906789012, 'ACTIVE', '', 0, '');
INSERT INTO links (place, words, id, made, environment, host, customer, ticket, note, connection_id, meld_customer_id, institution_id, institution_name, products, optional_products, regions, request, request_id, expires, status, status_reason, status_at, outcome) VALUES (1770127566789, '' || char(29) || 'cust ''x''' || char(29) || '' || char(10) || '' || char(31) || '' || char(31) || 'cu' || char(31) || '' || char(31) || '''x' || char(31) || '' || char(31) || 'x' || char(30) || 'eb' || char(30) || 'sh', 2, 1770127566789012, 'sandbox', '', 'cust ''x''', '', '', '', '', '', '', '', '', '', '', '', 0, 'EXPIRED', '', 0, '');
INSERT INTO links (place, words, id, made, environment, host, customer, ticket, note, connection_id, meld_customer_id, institution_id, institution_name, products, optional_products, regions, request, request_id, expires, status, status_reason, status_at, outcome) VALUES (1770127626789, '' || char(29) || 'cust “47”' || char(29) || '' || char(10) || '=t-1' || char(10) || 'first line second, with “quotes” and tab' || char(10) || 'credit agricole' || char(10) || 'us' || char(10) || 'ca-on' || char(10) || 'meld.example.com:8443' || char(10) || 'login_required' || char(10) || 'the customer connected the bank.' || char(10) || '' || char(31) || '' || char(31) || 'cu' || char(31) || '' || char(31) || '“4' || char(31) || '' || char(31) || '47' || char(31) || '' || char(31) || '=t' || char(31) || '' || char(31) || 't' || char(31) || '' || char(31) || '1' || char(31) || '' || char(31) || 'fi' || char(31) || '' || char(31) || 'li' || char(31) || '' || char(31) || 'se' || char(31) || '' || char(31) || 'wi' || char(31) || '' || char(31) || '“q' || char(31) || '' || char(31) || 'qu' || char(31) || '' || char(31) || 'an' || char(31) || '' || char(31) || 'ta' || char(31) || '' || char(31) || 'cr' || char(31) || '' || char(31) || 'ag' || char(31) || '' || char(31) || 'us' || char(31) || '' || char(31) || 'ca' || char(31) || '' || char(31) || 'on' || char(31) || '' || char(31) || 'me' || char(31) || '' || char(31) || 'ex' || char(31) || '' || char(31) || 'co' || char(31) || '' || char(31) || '84' || char(28) || 'wq5cwcxd' || char(28) || '6f9619ff' || char(28) || 'inst-9' || char(28) || 'req-77' || char(30) || 'ed' || char(30) || 'se' || char(30) || 'pa' || char(30) || 'pe' || char(30) || 'pf', 3, 1770127626789012, 'custom', 'meld.example.com:8443', 'cust “47”', '=T-1', 'first line' || char(10) || 'second, with “quotes” and ' || char(9) || ' tab', 'WQ5CwCxDxXhYuA4fVHGk3o', '6f9619ff-8b86-d011-b42d-00c04fc964ff', 'inst-9', 'Crédit Agricole', 'BALANCES' || char(10) || 'OWNERS', 'TRANSACTIONS', 'US' || char(10) || 'CA-ON', '{"externalCustomerId":"cust “47”","products":["BALANCES","OWNERS"]}', 'req-77', 1770141906789012, 'RECONNECT_REQUIRED', 'LOGIN_REQUIRED', 1770131106789013, 'The customer connected the bank.');
