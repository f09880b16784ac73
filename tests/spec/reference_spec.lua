--- Every decomposition against the outputs of decompr 7.0, exvatools 0.9 and gvcAnalyzer 0.1.1 on
--- one balanced table of 5 countries by 4 sectors, at 1e-9 relative. Where a program forms a figure
--- as a difference of near equals (double counting: a part in 1e4 of exports), its last digits are
--- lost in it, and the tolerance is 1e-9 of 1e-3 of the exports that it belongs to. The files are
--- not part of the repository: without them the tests are pending.

local cm = require "capmod"

local reference = dofile "tests/support/reference.lua"
local folder, content = reference.folder, reference.content

local TOLERANCE = 1e-9
local COUNTRIES = { "AAA", "AAB", "AAC", "AAD", "AAE" }
local SECTORS = { "S01", "S02", "S03", "S04" }

--- The rows of a file, each by the names in its first line; numbers as numbers.
local function rows(name)
  local list, heads = {}, nil
  for line in content(name):gmatch "[^\n]+" do
    local cells = {}
    for cell in (line .. ","):gmatch "([^,]*)," do cells[#cells + 1] = cell end
    if heads then
      local row = {}
      for i, head in ipairs(heads) do row[head] = tonumber(cells[i]) or cells[i] end
      list[#list + 1] = row
    else
      heads = cells
    end
  end
  return list
end

local kept
local function table_of_reference()
  local matrix = reference.matrix
  kept = kept or cm.mrio{ name = "small", Z = matrix "input_Z", Y = matrix "input_Y",
    countries = COUNTRIES, sectors = SECTORS }
  return kept
end

local function on(name, title, test)
  it(name .. ": " .. title, function()
    if not content(name) then return pending("needs " .. folder .. name .. ".csv") end
    test(table_of_reference(), rows(name), name)
  end)
end

--- `scale`: what the figure is a part of.
local function near(wanted, found, scale, where)
  local allowed = TOLERANCE * math.max(math.abs(wanted), 1e-3 * math.abs(scale or 0))
  local gap = math.abs((found or 0 / 0) - wanted)
  if gap > allowed or gap ~= gap then
    error(("%s: %s, not %.17g"):format(where, found and ("%.17g"):format(found), wanted), 2)
  end
end

local asked = {}

--- The flows of a question by exporter, sector and importer; 0 for a country's to itself.
local function flows(m, question)
  local by = question.by or { "exporter", "sector", "importer" }
  question.by = by
  local name = {}
  for key, value in cm.each(question) do
    name[#name + 1] = key .. "=" .. (type(value) == "table" and table.concat(value, "+") or value)
  end
  name = table.concat(name, ";")
  if not asked[name] then
    local found = {}
    for row in m:decompose(question):rows() do
      found[table.concat({ row.exporter, row.sector or "", row.importer or "" }, " ")] = row
    end
    asked[name] = function(exporter, sector, importer, term)
      if exporter == importer then return 0 end
      local row = found[table.concat({ exporter, sector or "", importer or "" }, " ")]
      return assert(row, exporter)[term] or error(term .. " is no term")
    end
  end
  return asked[name]
end

--- A file with a column a term against flows; `names` are the columns and the terms they hold.
local function same_columns(m, list, question, prefix, names)
  local get = flows(m, question)
  for _, row in ipairs(list) do
    local e = row.Exporting_Country or row.exporter or row.Country or row.country
    local i, r = row.Exporting_Industry, row.Importing_Country or row.importer
    local exports = row.GEXP or row.EX_sr or row.texp or row.E_sr or 0
    for column, term in cm.each(names) do
      near(row[column], get(e, i, r, prefix .. term), exports,
        ("%s %s %s %s"):format(e, i, r, column))
    end
  end
end

local function terms(...)
  local names = {}
  for _, name in ipairs{ ... } do names[name] = name end
  return names
end

-- ---- decompr ------------------------------------------------------------------------------------

local STANDARD = { "GEXP", "DC", "DVA", "VAX", "REF", "DDC", "FC", "FVA", "FDC" }
local SOURCE = terms("DAVAX", "GVC", "GVCB", "GVCF", table.unpack(STANDARD))
local SINK = terms("VAXIM", table.unpack(STANDARD))

describe("decompr", function()
  local ALL = { "exporter", "sector", "importer" }
  local function agrees(name, question, prefix, names)
    on(name, "agrees", function(m, list) same_columns(m, list, question, prefix, names) end)
  end
  agrees("decompr_bm_bilateral_exporter_source", { method = "bm_src", by = ALL }, "bm.", SOURCE)
  agrees("decompr_bm_bilateral_exporter_sink", { method = "bm_snk", by = ALL }, "bm.", SINK)
  agrees("decompr_bm_sector_exporter_source", { method = "bm_src", by = { "exporter", "sector" } },
    "bm.", SOURCE)
  agrees("decompr_bm_sector_exporter_sink", { method = "bm_snk", by = { "exporter", "sector" } },
    "bm.", terms(table.unpack(STANDARD)))
  agrees("decompr_bm_country_exporter_source", { method = "bm_src", by = { "exporter" } }, "bm.",
    SOURCE)
  agrees("decompr_bm_country_world_source", { method = "bm", perspective = "world",
    by = { "exporter" } }, "bm.", terms(table.unpack(STANDARD)))
  agrees("decompr_bm_country_world_sink", { method = "bm", approach = "sink", perspective = "world",
    by = { "exporter" } }, "bm.", terms(table.unpack(STANDARD)))
  agrees("decompr_bm_sector_self", { perimeter = "sector", by = { "exporter", "sector" } }, "bm.",
    terms(table.unpack(STANDARD)))
  agrees("decompr_bm_bilateral_self", { perimeter = "sector-bilateral", by = ALL }, "bm.",
    terms(table.unpack(STANDARD)))
  agrees("decompr_wwz", { method = "wwz", by = ALL }, "wwz.", terms("DVA_FIN", "DVA_INT",
    "DVA_INTrexI1", "DVA_INTrexF", "DVA_INTrexI2", "RDV_INT", "RDV_FIN", "RDV_FIN2", "OVA_FIN",
    "MVA_FIN", "OVA_INT", "MVA_INT", "DDC_FIN", "DDC_INT", "ODC", "MDC"))
  local KWW = terms("DVA_FIN", "DVA_INT", "DVA_INTrex", "RDV_FIN", "RDV_INT", "DDC", "FVA_FIN",
    "FVA_INT", "FDC")
  agrees("decompr_kww", { method = "kww", by = { "exporter" } }, "kww.", KWW)
  agrees("decompr_wwz2kww_bilateral", { method = "kww", by = ALL }, "kww.", KWW)

  on("decompr_bm_imports_by_origin", "agrees", function(m, list)
    for _, row in ipairs(list) do
      local f = m:imports{ importer = row.Importing_Country }
      near(row.VA, f.value[row.Origin_Country], nil, row.Origin_Country)
      near(row.DC, f.twice[row.Origin_Country], row.VA, row.Origin_Country)
    end
  end)
  on("decompr_bm_imports_country", "agrees", function(m, list)
    for _, row in ipairs(list) do
      local f = m:imports{ importer = row.Importing_Country }
      near(row.VA, f:sum "value", nil, row.Importing_Country)
      near(row.DC, f:sum "twice", row.VA, row.Importing_Country)
      near(row.GIMP, f:sum "value" + f:sum "twice", nil, row.Importing_Country)
    end
  end)
end)

describe("decompr's pieces", function()
  local PIECES = { matrix_B = function(m) return m.L end,
    matrix_ESR = function(m) return m.E end }
  for name, piece in cm.each(PIECES) do
    on(name, "agrees", function(m, list)
      for _, row in ipairs(list) do
        for column, value in cm.each(row) do
          if column ~= "row" then
            near(value, piece(m){ from = row.row, to = column }, nil, row.row)
          end
        end
      end
    end)
  end

  --- A block-diagonal or off-diagonal part of a matrix over nodes.
  local function part(name, whole, inside)
    on(name, "agrees", function(m, list)
      for _, row in ipairs(list) do
        for column, value in cm.each(row) do
          if column ~= "row" then
            local own = row.row:sub(1, 3) == column:sub(1, 3)
            local found = own == inside and whole(m){ from = row.row, to = column } or 0
            near(value, found, nil, row.row)
          end
        end
      end
    end)
  end
  part("matrix_Am", function(m) return m.A end, false)
  part("matrix_Bd", function(m) return m.L end, true)
  part("matrix_Bm", function(m) return m.L end, false)
  part("matrix_Yd", function(m) return m.D end, true)
  part("matrix_Ym", function(m) return m.D end, false)
  part("matrix_Efd", function(m) return m.D end, false)
  part("matrix_Eint", function(m) return m.E - m.D end, false)
  on("matrix_L", "is the inverse of each country by itself", function(m, list)
    for s, country in ipairs(COUNTRIES) do
      local own = m.A:block(4 * s - 3, 4 * s, 4 * s - 3, 4 * s)
      local identity = cm.matrix{ rows = 4, cols = 1, fill = 1 }:diag()
      local inverse = (identity - own:label{ rows = false, cols = false }):inv()
      for i = 1, 4 do
        for j = 1, 4 do
          near(list[4 * s - 4 + i][country .. "." .. SECTORS[j]], inverse:get(i, j), nil, country)
        end
      end
    end
  end)
end)

-- ---- exvatools ----------------------------------------------------------------------------------

--- A file with a row a figure (term, row "AAA_S01", importer) against flows; `filter` says which of
--- its rows.
local function same_terms(m, list, question, names, filter)
  local get = flows(m, question)
  local exports = {}
  for _, row in ipairs(list) do
    if row.term == "EXGR" then exports[row.row .. row.importer .. row.perspective] = row.value end
  end
  for _, row in ipairs(list) do
    local e, i = row.row:match "^(%u+)_(%w+)$"
    local term = names[row.term]
    if not filter or filter(row) then
      if not term then error(row.term .. " has no name here") end
      local r = row.importer ~= "WLD" and row.importer or nil
      near(row.value, get(e, i, r, term), exports[row.row .. row.importer .. row.perspective],
        ("%s %s %s"):format(row.row, row.importer, row.term))
    end
  end
end

local function prefixed(prefix, names)
  local all = { EXGR = prefix .. "GEXP" }
  for name, term in cm.each(names) do all[name] = prefix .. term end
  return all
end

local TWELVE = { VAX1 = "VAX_FIN", VAX2 = "VAX_INT", VAX3 = "VAX_REX_FIN", VAX4 = "VAX_REX_INT",
  REF1 = "REF_FIN", REF2 = "REF_INT", FVA1 = "FVA_FIN", FVA2 = "FVA_INT", FVA3 = "FVA_REX_FIN",
  FVA4 = "FVA_REX_INT", DDC = "DDC", FDC = "FDC" }

local function not_exports(row) return row.term ~= "EXGR" end

describe("exvatools", function()
  on("exvatools_bm_src_standard_all", "agrees", function(m, list)
    same_terms(m, list, { method = "bm_src" }, prefixed("bm.", SOURCE))
  end)
  on("exvatools_bm_snk_standard_all", "agrees", function(m, list)
    same_terms(m, list, { method = "bm_snk" }, prefixed("bm.", SINK))
  end)
  on("exvatools_bm_src_terms_all", "agrees", function(m, list)
    same_terms(m, list, { method = "bm_src_terms" }, prefixed("bm.", TWELVE), not_exports)
  end)
  on("exvatools_bm_snk_terms_all", "agrees", function(m, list)
    same_terms(m, list, { method = "bm_snk_terms" }, prefixed("bm.", TWELVE), not_exports)
  end)
  on("exvatools_my_standard_all", "agrees", function(m, list)
    same_terms(m, list, { method = "my" }, prefixed("my.", terms(table.unpack(STANDARD))))
  end)

  on("exvatools_my_terms_perimWLD_all", "agrees; its FVA is 0", function(m, list)
    local names = prefixed("my.", terms("DVA", "DDC", "FDC1", "FDC2"))
    same_terms(m, list, { method = "my", perspective = "world" }, names,
      function(row) return row.term ~= "FVA" end)
    for _, row in ipairs(list) do
      if row.term == "FVA" then assert.equal(0, row.value) end
    end
  end)

  on("exvatools_kww_terms_all", "agrees by sector of the exporter", function(m, list)
    same_terms(m, list, { method = "kww", by = { "exporter", "sector" } }, prefixed("kww.", {
      VAX1 = "DVA_FIN", VAX2 = "DVA_INT", VAX3 = "DVA_INTrex", REF1 = "RDV_FIN", REF2 = "RDV_INT",
      DDC = "DDC", FVA1 = "FVA_FIN", FVA2 = "FVA_INT", FDC = "FDC" }), not_exports)
  end)

  local SIXTEEN = { DVA_FIN = "DVA_FIN", DVA_INT = "DVA_INT", DVA_INTrex1 = "DVA_INTrexI1",
    DVA_INTrex2 = "DVA_INTrexF", DVA_INTrex3 = "DVA_INTrexI2", RDV_FIN1 = "RDV_FIN",
    RDV_FIN2 = "RDV_FIN2", RDV_INT = "RDV_INT", DDC_FIN = "DDC_FIN", DDC_INT = "DDC_INT",
    FVA_FIN1 = "MVA_FIN", FVA_FIN2 = "OVA_FIN", FVA_INT1 = "MVA_INT", FVA_INT2 = "OVA_INT",
    MDC = "MDC", ODC = "ODC" }
  on("exvatools_wwz_terms_all", "agrees", function(m, list)
    same_terms(m, list, { method = "wwz" }, prefixed("wwz.", SIXTEEN), not_exports)
  end)
  on("exvatools_wwz_terms2_all", "has OVA_FIN and OVA_INT in each other's place", function(m, list)
    local swapped = { MVA_FIN = "MVA_FIN", MVA_INT = "MVA_INT", OVA_FIN = "OVA_INT",
      OVA_INT = "OVA_FIN" }
    for name, term in cm.each(SIXTEEN) do swapped[name] = term end
    same_terms(m, list, { method = "wwz" }, prefixed("wwz.", swapped), not_exports)
  end)

  on("exvatools_perspectives", "agrees on a partner as perimeter", function(m, list)
    local twelve, my = prefixed("bm.", TWELVE), prefixed("my.", terms(table.unpack(STANDARD)))
    for _, perspective in ipairs{ { "AAA", "AAB" }, { "AAC", "AAE" } } do
      local e, partner = perspective[1], perspective[2]
      local function of(method)
        return function(row)
          return row.exporter == e and row.importer == partner
            and row.perspective == ("partner=%s;sector=TOTAL"):format(partner)
            and row.method == method and (method == "my" or not_exports(row))
        end
      end
      same_terms(m, list, { method = "bm_src_terms", perimeter = "bilateral" }, twelve, of "bm_src")
      same_terms(m, list, { method = "my", perimeter = "bilateral" }, my, of "my")
    end
  end)
  on("exvatools_perspectives", "ignores a sector as perimeter: nothing is counted twice",
    function(m, list)
      local get = flows(m, { method = "bm_src" })
      for _, row in ipairs(list) do
        local partner = row.perspective:match "partner=(%w+);sector=S02"
        if partner then
          local _, i = row.row:match "^(%u+)_(%w+)$"
          local asked_for = i == "S02" and row.importer ~= row.exporter
            and (partner == "WLD" or partner == row.importer)
          if row.term == "DDC" or row.term == "FDC" or not asked_for then
            assert.equal(0, row.value)
          elseif row.method == "my" and row.term ~= "EXGR" then
            local as = row.term:match "^F" and "bm.FC" or "bm.DC"
            near(row.value, get(row.exporter, i, row.importer, as), nil, row.term)
          end
        end
      end
    end)
end)

-- ---- gvcAnalyzer --------------------------------------------------------------------------------

describe("gvcAnalyzer", function()
  local BILATERAL = { "exporter", "importer" }
  local function four(suffix)
    local names = {}
    for _, term in ipairs{ "DVA", "DDC", "FVA", "FDC" } do names[term .. suffix] = term end
    return names
  end
  on("gvcAnalyzer_bm_2023_bilateral_source_all", "agrees", function(m, list)
    same_columns(m, list, { method = "bm_src", by = BILATERAL }, "bm.", four "source_sr")
  end)
  on("gvcAnalyzer_bm_2023_bilateral_sink_all", "agrees", function(m, list)
    same_columns(m, list, { method = "bm_snk", by = BILATERAL }, "bm.", four "sink_sr")
  end)
  on("gvcAnalyzer_bm_2023_bilateral_pure_all", "agrees", function(m, list)
    same_columns(m, list, { perimeter = "bilateral", by = BILATERAL }, "bm.", four "_star_sr")
  end)
  on("gvcAnalyzer_bm_2023_exporter_total", "agrees", function(m, list)
    for _, row in ipairs(list) do row.GEXP = row.EX_s end
    same_columns(m, list, { method = "bm_src", by = { "exporter" } }, "bm.", four "_s")
  end)
  on("gvcAnalyzer_bm_2025_tripartite_trade_all", "agrees", function(m, list)
    same_columns(m, list, { method = "tripartite", by = BILATERAL }, "bmt.", { E_sr = "GEXP",
      DAVAX_sr = "DAVAX", GVC_sr = "GVC", GVC_PF = "GVC_PF", GVC_TS = "GVC_TS", GVC_PB = "GVC_PB" })
  end)

  on("gvcAnalyzer_bm_2025_trade_measures", "agrees", function(m, list)
    local f = m:participation()
    for _, row in ipairs(list) do
      local c = row.exporter
      near(row.E_s, f.exports[c])
      near(row.GVC_s, f.gvc[c])
      near(row.GVC_PF_s, f.pure_forward[c])
      near(row.GVC_TS_s, f.two_sided[c])
      near(row.GVC_PB_s, f.pure_backward[c])
      near(row.share_GVC_trade, f.share[c])
      near(row.forward_trade, f.forwardness[c], 1)
    end
  end)
  on("gvcAnalyzer_bm_2025_output_measures", "agrees", function(m, list)
    local f = m:participation{ method = "output" }
    for _, row in ipairs(list) do
      local c = row.country
      near(row.X_total, f.output[c])
      near(row.DomX, f.domestic[c])
      near(row.TradX, f.traditional[c])
      near(row.GVC_PF_X, f.pure_forward[c])
      near(row.GVC_PB_X, f.pure_backward[c])
      near(row.GVC_TSImp, f.imported[c])
      near(row.GVC_TS_X, f.two_sided[c])
      near(row.GVC_TSDom, f.two_sided[c] - f.imported[c])
      near(row.share_GVC_output, f.share[c])
      local forward, two, backward = f.pure_forward[c], f.two_sided[c], f.pure_backward[c]
      near(row.GVC_X, forward + two + backward)
      near(row.share_PF_output, forward / row.GVC_X)
      near(row.share_TS_output, two / row.GVC_X)
      near(row.share_PB_output, backward / row.GVC_X)
      near(row.forward_output, (forward - backward) / row.GVC_X, 1)
    end
  end)
end)

describe("the reference files", function()
  it("are each held to by a test", function()
    local known, kind, _, names = pcall(require("capmod.core").contents, folder)
    if not known or kind ~= "folder" then return pending("needs " .. folder) end
    local specs = ""
    for _, name in ipairs{ "reference", "identities", "indicators" } do
      local file <close> = assert(io.open("tests/spec/" .. name .. "_spec.lua"))
      specs = specs .. file:read "a"
    end
    for _, name in ipairs(names) do
      local stem = name:match "^(.*)%.csv$"
      assert.is_true(not stem or specs:find('"' .. stem .. '"', 1, true) ~= nil, name)
    end
  end)
end)
