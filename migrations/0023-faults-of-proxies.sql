-- Why a proxy failed last, as a code (JSON) that consoles say in their language; null where only last_error tells.
ALTER TABLE proxies ADD COLUMN last_fault TEXT;
