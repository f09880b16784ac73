--- capmod run scripts/refresh_docs.lua [FILE ...]: writes what the examples in
--- docs/ print into the pages. Read the difference before it is committed: the
--- specs hold the pages to it.

local blocks = dofile "tests/support/blocks.lua"
local files = #arg > 0 and arg or blocks.files "docs/*.md README.md"
for _, path in ipairs(files) do blocks.refresh(path) end
