--- docs/map.md names nothing that is not there: what it says of capmod runs, on a small table, as
--- far as it is written out; of the rest at least the verb exists.

local cm = require "capmod"
local each = cm.each

local COUNTRIES = { "CHN", "DEU", "ESP", "KOR", "PRT", "USA" }

local function table_of()
  local z, y, f = {}, {}, {}
  for i = 1, #COUNTRIES * 2 do
    z[i], y[i], f[i] = {}, {}, i
    for j = 1, #COUNTRIES * 2 do z[i][j] = (i * j) % 7 end
    for r = 1, #COUNTRIES do y[i][r] = 20 + (i + r) % 5 end
  end
  return cm.mrio{ name = "small", countries = COUNTRIES, sectors = { "C29", "M" }, Z = z, Y = y,
    F = cm.matrix{ rows = { "CO2" }, data = { f } },
    FY = cm.matrix{ rows = { "CO2" }, data = { { 1, 2, 3, 4, 5, 6 } } } }
end

--- Code of the second column of the page's tables.
local function snippets()
  local file <close> = assert(io.open "docs/map.md")
  local list = {}
  for line in file:lines() do
    local second = line:match "^|.-|(.*)|$"
    for code in (second or ""):gmatch "`([^`]+)`" do list[#list + 1] = code end
  end
  return list
end

describe("docs/map.md", function()
  local m = table_of()
  local ran, seen = 0, {}
  for _, code in ipairs(snippets()) do
    if (code:find "^m[.:]" or code:find "^cm%.") and not seen[code] then
      seen[code] = true
      it("is right about " .. code, function()
        local verb, noun = code:match "^m[.:](%a[%w_]*)", code:match "^cm%.(%a[%w_]*)"
        if verb then -- what the table was not given is nil, what no table has is an error
          assert(m[verb] ~= nil or verb == "categories", verb)
        end
        if noun then assert(cm[noun] ~= nil, noun) end
        local written_out = not code:find "%.%.%." and not code:find "=%s*}"
          and not code:find "=," and not code:find "m1" and not code:find "cm%.read"
        local chunk = written_out and load("return " .. code, code, "t", { m = m, cm = cm })
        if chunk then
          chunk()
          ran = ran + 1
        end
      end)
    end
  end
  it("has most of it written out", function() assert.is_true(ran > 40, ran) end)

  it("names all that tables can do", function()
    local page <close> = assert(io.open "docs/map.md")
    local text, left = page:read "a", {}
    for name in each{ value_added = 1, decompose = 1, imports = 1, indicators = 1, accounts = 1,
      footprint = 1, attach = 1, aggregate = 1, linkages = 1, paths = 1, prices = 1, balance = 1,
      extract = 1, shift = 1, check = 1 } do
      if not text:find("m:" .. name, 1, true) then left[#left + 1] = name end
    end
    assert.same({}, left)
  end)
end)
