--- What must hold of any table: every decomposition adds up, the methods agree where they must, and
--- value added by origin, destination and link is the same however it is asked. On random tables
--- (a node without output, falling stocks, a country without exports, one country, one sector), on
--- tables that do not balance, and on the World Input-Output Tables of 1995, 2005 and 2011 in full.

local cm = require "capmod"
local random = dofile "tests/support/random_table.lua"

local here = debug.getinfo(1, "S").source:match "^@(.*/)" or ""
local folder = (os.getenv "CAPMOD_SHARED" or here .. "../../../shared") .. "/data/converted/"

local TOLERANCE = 1e-9
local METHODS = { "bm_src", "bm_snk", "bm_src_terms", "bm_snk_terms", "wwz", "kww", "my", "oecd",
  "tripartite" }

local function near(wanted, found, scale, what)
  local gap = math.abs(wanted - found)
  if gap ~= gap or gap > TOLERANCE * math.max(math.abs(wanted), math.abs(scale)) then
    error(("%s: %.17g, not %.17g"):format(what, found, wanted), 2)
  end
end

local function says_so(f, what)
  local check = table.concat(f:spec().check, "\n")
  if not check:find "adds up" or check:find "NOT" then error(what .. ": " .. check, 2) end
end

--- Gross exports of each country by itself, and what of them nodes without output sell (stocks).
local function exports_of(m)
  local list, idle, n, x = {}, {}, #m.sectors, m.x:column_list(1)
  for c, country in ipairs(m.countries) do
    local e = m.E:block((c - 1) * n + 1, c * n, 1, #m.countries):sum{ by = "row" }:column_list(1)
    list[country], idle[country] = 0, 0
    for i, value in ipairs(e) do
      list[country] = list[country] + value
      if x[(c - 1) * n + i] == 0 then idle[country] = idle[country] + value end
    end
  end
  return list, idle
end

--- Decompositions by exporter, each of which says that it adds up.
local function decompositions(m)
  local found = {}
  for _, method in ipairs(METHODS) do
    says_so(m:decompose{ method = method, by = { "exporter", "importer" } }, method)
    found[method] = m:decompose{ method = method, by = "exporter" }
    says_so(found[method], method)
  end
  for _, world in ipairs{ "bm_src", "bm_snk", "my" } do
    says_so(m:decompose{ method = world, perspective = "world", by = "exporter" }, world)
  end
  for _, perimeter in ipairs{ "sector", "bilateral", "sector-bilateral" } do
    local f = m:decompose{ perimeter = perimeter, by = { "exporter", "importer" } }
    says_so(f, perimeter)
  end
  return found
end

local function sum_of(row, prefix, ...)
  local total = 0
  for _, term in ipairs{ ... } do total = total + row[prefix .. term] end
  return total
end

--- What the methods must agree on, country by country (methods-gvc.md, sections 3 to 8).
local function agree(found, exports, idle)
  local rows, largest = {}, 0
  for _, e in cm.each(exports) do largest = math.max(largest, e) end
  for method, f in cm.each(found) do
    rows[method] = {}
    for row in f:rows() do rows[method][row.exporter] = row end
  end
  for country, e in cm.each(exports) do
    local source, sink, wwz = rows.bm_src[country], rows.bm_snk[country], rows.wwz[country]
    local kww, oecd, three = rows.kww[country], rows.oecd[country], rows.tripartite[country]
    e = math.max(e, 1e-3 * largest)
    near(exports[country], source["bm.GEXP"], e, country .. " exports")
    for _, term in ipairs{ "DVA", "VAX", "REF", "DDC", "FVA", "FDC", "DC", "FC" } do
      near(source["bm." .. term], sink["bm." .. term], e, country .. " sink " .. term)
    end
    near(source["bm.VAX"], sum_of(wwz, "wwz.", "DVA_FIN", "DVA_INT", "DVA_INTrexI1", "DVA_INTrexF",
      "DVA_INTrexI2"), e, country .. " VAX of wwz")
    near(source["bm.REF"], sum_of(wwz, "wwz.", "RDV_FIN", "RDV_FIN2", "RDV_INT"), e,
      country .. " REF of wwz")
    near(source["bm.DDC"], sum_of(wwz, "wwz.", "DDC_FIN", "DDC_INT"), e, country .. " DDC of wwz")
    near(source["bm.FC"], sum_of(wwz, "wwz.", "MVA_FIN", "MVA_INT", "MDC", "OVA_FIN", "OVA_INT",
      "ODC"), e, country .. " FC of wwz")
    near(source["bm.DVA"], sum_of(kww, "kww.", "DVA_FIN", "DVA_INT", "DVA_INTrex", "RDV_FIN",
      "RDV_INT"), e, country .. " DVA of kww")
    near(source["bm.DC"], oecd["oecd.EXGR_DVA"], e, country .. " DC of TiVA")
    near(source["bm.DVA"], sum_of(oecd, "oecd.", "EXGR_DDC", "EXGR_IDC"), e, country .. " TiVA")
    near(source["bm.GVC"], three["bmt.GVC"], e, country .. " GVC of three parts")
    near(source["bm.GVCF"] + source["bm.GVCB"], source["bm.GVC"] - idle[country], e,
      country .. " GVC")
    assert(source["bm.DAVAX"] <= source["bm.VAX"] + TOLERANCE * e, country)
  end
end

--- Value added, however it is asked.
local function value_added_of(m, found, exports)
  local busy, size = {}, m.x:sum()
  for i, output in ipairs(m.x:column_list(1)) do busy[#busy + 1] = output ~= 0 and i or nil end
  local demand = m.D:take("row", busy):sum{ by = "col" }:row_list(1) -- the rest comes from stocks
  local made, n = m:value_added(), #m.sectors
  local by_end = m:value_added{ by = { "destination", "country" } }
  local mean = m:position{ by = { "country", "sector" } }
  local up, vax = 0, m:participation{ method = "vertical" }
  local x = m.x:column_list(1)
  for c, country in ipairs(m.countries) do
    near(made.value[country], m.V:block(1, 1, (c - 1) * n + 1, c * n):sum(), size, country)
    near(demand[c], by_end:where{ destination = country }:sum "value", size, country)
    if found then
      local scale = math.max(exports[country], 1e-6 * size)
      near(found.bm_src["bm.VAX"][country], vax.VAX[country], scale, country .. " VAX")
      near(found.bm_src["bm.FC"][country], vax.VS[country], scale, country .. " VS")
    end
  end
  for i, row in ipairs(m.nodes) do
    local u = mean.upstreamness[row]
    if x[i] ~= 0 then up = up + u * x[i] end
  end
  -- x U = L x (Antras and Chor 2013)
  near(m.L:mul(m.x):take("row", busy):sum(), up, size, "upstreamness")
end

local INDICATORS = { "EXGR", "EXGR_INT", "EXGR_FNL", "IMGR", "IMGR_INT", "IMGR_FNL", "EXGR_DVA",
  "EXGR_FVA", "EXGR_DDC", "EXGR_IDC", "EXGR_RIM", "EXGR_INTDVA", "EXGR_FNLDVA", "DEXFVAP", "FD_VA",
  "DXD_DVA", "FFD_DVA", "VALU" }

local function holds(m)
  local exports, idle = exports_of(m)
  local any = 0
  for _, e in cm.each(exports) do any = any + math.abs(e) end
  local found
  if any == 0 then
    local ok, e = pcall(m.decompose, m, { by = "exporter" })
    assert.is_false(ok)
    assert.equal("CM1610", e.number)
  else
    found = decompositions(m)
    agree(found, exports, idle)
  end
  value_added_of(m, found, exports)
  local f = m:indicators(INDICATORS)
  says_so(f, "indicators")
  assert.equal(8, #f:spec().check)
  return found, exports
end

describe("a random table", function()
  for seed, shape in ipairs{ { 4, 5 }, { 9, 3 }, { 3, 8 }, { 6, 1 }, { 2, 1 }, { 2, 2 }, { 1, 6 },
    { 1, 1 } } do
    it(("of %d x %d holds all identities"):format(shape[1], shape[2]), function()
      for k = 0, 2 do holds(random.table(shape[1], shape[2], 1000 * seed + 7 * k)) end
    end)
  end

  it("loses the value added of its exports without them (Los, Timmer, de Vries 2016)", function()
    for _, seed in ipairs{ 3, 31, 314 } do
      local m = random.table(4, 3, seed)
      local found, exports = holds(m)
      for _, country in ipairs(m.countries) do
        if exports[country] > 0 then
          local lost = m:extract{ country = country, kind = "exports" }
          near(found.bm_src["bm.DVA"][country], lost.value_added[country], exports[country],
            country)
        end
      end
    end
  end)

  it("with a demand that falls everywhere still adds up", function()
    local m = random.table(4, 3, 77)
    holds(m:with{ Y = -1 * m.Y:abs() * 0.1 + m.Y })
  end)
end)

describe("a table that does not balance", function()
  local function unbalanced()
    local m = random.table(3, 4, 12)
    local x = m.x:T():label{ rows = false, cols = false }
    local P = (m.V:label{ rows = false, cols = false } * 0.9):label{ rows = { "VA" } }
    return cm.mrio{ name = "off", countries = m.countries, sectors = m.sectors, Z = m.Z, Y = m.Y,
      P = P, output = x * 1.02 }, m
  end

  it("holds all identities on what its columns leave", function() holds((unbalanced())) end)

  it("says by how much it is off, and counts the published row by itself", function()
    local off, m = unbalanced()
    local check = off:check{ all = true }
    assert.equal("note", check.result["rows = published output"])
    assert.equal("note", check.result["columns = published primary inputs"])
    local largest, at = m.x:max()
    assert.matches(("at %s"):format(m.nodes[at]), check.detail["rows = published output"], 1, true)
    assert.is_true(largest > 0)
    local row = off:value_added{ row = "VA" }
    near(0.9 * m.V:sum(), row:sum "value", 1, "the row")
    near(m.V:sum(), off:value_added():sum "value", 1, "the residual")
  end)
end)

for _, year in ipairs{ 1995, 2005, 2011 } do
  it(("WIOD %d holds all identities"):format(year), function()
    local path = ("%swiot%d_full.csv.gz"):format(folder, year)
    local file = io.open(path, "rb")
    if not file then return pending("needs " .. path .. " (set CAPMOD_SHARED)") end
    file:close()
    TOLERANCE = 1e-8
    local ok, failure = pcall(holds, cm.read(path))
    TOLERANCE = 1e-9
    if not ok then error(failure, 0) end
  end)
end
