--- Real tables read and asked, against what their publishers print. They are not part of the
--- repository; without them the tests are pending.

local cm = require "capmod"

local here = debug.getinfo(1, "S").source:match "^@(.*/)" or ""
local folder = (os.getenv "CAPMOD_SHARED" or here .. "../../../shared") .. "/data/"

local function on_real(path, title, test)
  it(title, function()
    local file = io.open(folder .. path, "rb")
    if not file then return pending("needs " .. path .. " (set CAPMOD_SHARED)") end
    file:close()
    test(cm.read(folder .. path))
  end)
end

local function within(wanted, found, tolerance)
  assert.near(wanted, found, tolerance * math.abs(wanted))
end

--- The identities of methods-gvc.md sections 1 and 2 on a whole table.
local function holds_identities(m)
  local checks = m:check{ all = true }
  assert.equal("ok", checks.result["v·L = 1 for every product"])
  assert.equal("ok", checks.result["world value added = world final demand"])
  local made, n, busy, x = m:value_added(), #m.sectors, {}, m.x:column_list(1)
  for i, output in ipairs(x) do -- what a node without output sells comes from stocks
    local c = (i - 1) // n + 1
    busy[c] = busy[c] or {}
    if output ~= 0 then table.insert(busy[c], i) end
  end
  local exported = m:value_added{ exporter = "*", by = { "exporter", "country" } }
  for c, country in ipairs(m.countries) do
    within(m.V:block(1, 1, (c - 1) * n + 1, c * n):sum(), made.value[country], 1e-9)
    local found = exported:where{ exporter = country }:sum "value"
    within(m.E:take("row", busy[c]):sum(), found, 1e-9)
  end
end

describe("WIOD 2011", function()
  local path = "converted/wiot2011_full.csv.gz"

  on_real(path, "has its published value added and the residual beside it", function(m)
    local published = m:value_added{ row = "VA" }
    within(15088079, published.value.USA, 1e-9)
    within(67396394, published:sum "value", 1e-9)
    assert.matches("left to the other rows: 1,872,206", tostring(published), 1, true)
    local residual = m:value_added()
    within(15161304, residual.value.USA, 1e-9)
    within(69268600, residual:sum "value", 1e-9)
  end)

  on_real(path, "is off balance by its rounding", function(m)
    local f = m:check()
    assert.matches("gap to 108 at NLD.c23", f.detail["rows = published output"], 1, true)
    assert.matches("20 nodes without", f.detail["every node has output"], 1, true)
  end)

  on_real(path, "holds the identities", holds_identities)

  on_real(path, "keeps them by sections and groups", function(m)
    local a = m:aggregate{ countries = { EU = "EU27" }, sectors = "ISIC-sections" }
    assert.equal(41 - 27 + 1, #a.countries)
    within(69268600, a.V:sum(), 1e-9)
    holds_identities(a)
  end)
end)

for _, year in ipairs{ 1995, 2005 } do
  on_real(("converted/wiot%d_full.csv.gz"):format(year), "WIOD " .. year .. " holds the identities",
    holds_identities)
end

on_real("converted/lrwiod2000_26x23.csv.gz", "the Long-run WIOD of 2000 has its value added",
  function(m)
    within(31550742, m:value_added{ row = "VA" }:sum "value", 1e-7)
    holds_identities(m)
  end)

on_real("mrio/oecd_icio/2014_SML.csv", "ICIO 2014 has its value added of the USA", function(m)
  within(16906768, m:value_added{ row = "VA" }.value.USA, 1e-6)
  holds_identities(m)
end)
