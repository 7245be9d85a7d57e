-- Words that begin with three letters are looked up too, not only with two: putting together every
-- word that begins so took most of a search for two rare words and the beginning of a third.
-- The index is a cache: it is made anew, page by page, while one works.

DROP TABLE page_words;
CREATE VIRTUAL TABLE page_words USING fts5 (
    folded, exact, content = '', prefix = '2 3', tokenize = 'unicode61 remove_diacritics 0'
);
DELETE FROM indexed_page;
DELETE FROM sqlite_sequence WHERE name = 'indexed_page';
INSERT OR IGNORE INTO unindexed_page SELECT id FROM page;
