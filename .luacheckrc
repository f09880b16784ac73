std = "lua54"
max_line_length = 100
files["tests/spec"] = { std = "+busted" }
-- Declarations for editors: nothing but names.
files["stdlib/meta"] = { ignore = { "212", "241" } }
