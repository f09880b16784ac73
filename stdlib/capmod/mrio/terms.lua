--- The methods of decomposition: what their terms are called and mean. Sources stand in
--- docs/methods.md and engine/include/capmod/decompose.h.

local bm = {
  GEXP = "gross exports",
  DC = "domestic content",
  DVA = "domestic value added",
  VAX = "· absorbed abroad",
  DAVAX = "· · by the direct importer, without crossing a further border",
  VAXIM = "· · by the direct importer",
  REF = "· returned and absorbed at home",
  DDC = "domestic content counted twice",
  FC = "foreign content",
  FVA = "foreign value added",
  FDC = "foreign content counted twice",
  GVC = "trade within global value chains",
  GVCB = "· backward: from foreign content and what is counted twice",
  GVCF = "· forward: domestic value added that crosses further borders",
}

local twelve = {
  VAX_FIN = "domestic, in final goods for the direct importer",
  VAX_INT = "domestic, in inputs that the direct importer absorbs",
  VAX_REX_FIN = "domestic, in inputs re-exported in final goods",
  VAX_REX_INT = "domestic, in inputs re-exported in inputs",
  REF_FIN = "domestic, returned in final goods",
  REF_INT = "domestic, returned in inputs and absorbed at home",
  FVA_FIN = "foreign, in final goods",
  FVA_INT = "foreign, in inputs that the direct importer absorbs",
  FVA_REX_FIN = "foreign, in inputs re-exported in final goods",
  FVA_REX_INT = "foreign, in inputs re-exported in inputs",
  DDC = "domestic content counted twice",
  FDC = "foreign content counted twice",
}

local wwz = {
  DVA_FIN = "domestic, in final exports",
  DVA_INT = "domestic, in inputs absorbed by the direct importer",
  DVA_INTrexI1 = "domestic, in inputs re-exported as inputs for third countries' home use",
  DVA_INTrexF = "domestic, in inputs re-exported as final goods to third countries",
  DVA_INTrexI2 = "domestic, in inputs re-exported as inputs for third countries' final exports",
  RDV_FIN = "returned in final goods from the direct importer",
  RDV_FIN2 = "returned in final goods through third countries",
  RDV_INT = "returned in inputs",
  DDC_FIN = "domestic, counted twice: returned and exported in final goods",
  DDC_INT = "domestic, counted twice: returned and exported in inputs",
  MVA_FIN = "the direct importer's, in final exports",
  MVA_INT = "the direct importer's, in inputs",
  MDC = "the direct importer's, counted twice",
  OVA_FIN = "third countries', in final exports",
  OVA_INT = "third countries', in inputs",
  ODC = "third countries', counted twice",
}

local kww = {
  DVA_FIN = "domestic, in final exports",
  DVA_INT = "domestic, in inputs absorbed by the direct importer",
  DVA_INTrex = "domestic, in inputs re-exported to third countries",
  RDV_FIN = "domestic, returned in final goods",
  RDV_INT = "domestic, returned in inputs",
  DDC = "domestic, counted twice",
  FVA_FIN = "foreign, in final exports",
  FVA_INT = "foreign, in inputs",
  FDC = "foreign, counted twice",
}

local tripartite = {
  GEXP = "gross exports",
  DAVAX = "domestic value added that crosses one border",
  GVC = "trade within global value chains",
  GVC_PF = "· pure forward: domestic value added that the importer sends on",
  GVC_TS = "· two-sided: bought from abroad, and sent on by the importer",
  GVC_PB = "· pure backward: bought from abroad, absorbed by the importer",
}

local oecd = {
  EXGR = "gross exports",
  EXGR_DVA = "domestic content",
  EXGR_DDC = "· of the exporting industry",
  EXGR_IDC = "· of other domestic industries",
  EXGR_RIM = "· re-imported in foreign inputs",
  EXGR_FVA = "foreign content",
}

local world = {
  GEXP = bm.GEXP, DC = bm.DC, DVA = bm.DVA, VAX = bm.VAX, REF = bm.REF, DDC = bm.DDC, FC = bm.FC,
  FVA = "foreign value added, counted once in the world",
  FDC = "foreign content counted in other countries' exports",
}

local my_world = {
  GEXP = bm.GEXP, DC = bm.DC, DVA = bm.DVA, DDC = bm.DDC, FC = bm.FC,
  FDC1 = "foreign value added that left its country for the first time",
  FDC2 = "foreign content counted more often",
}

local third = { DVA_INTrexI1 = wwz.DVA_INTrexI1, DVA_INTrexF = wwz.DVA_INTrexF,
  DVA_INTrexI2 = wwz.DVA_INTrexI2, RDV_FIN2 = wwz.RDV_FIN2 }

---@class capmod.DecompositionMethod
---@field core string      what the engine calls it
---@field title string
---@field prefix string    that qualifies its terms: "bm" in bm.DDC
---@field meaning table<string, string>
---@field parts string[]   the terms that add up to gross exports
---@field adds string      how the check names them
---@field sums string[][]  identities: a term, and those that it is the sum of
---@field terms string[]?  which of the engine's terms, in order; nil: all
---@field from table<string, string>?  the engine's name of a term that has another here
---@field also { core: string, terms: string[] }?  terms that another method of the engine gives
---@field perimeters boolean?  whether it has perimeters smaller than the country
---@field world string?    the method in the world's perspective
---@field sink string?     the method by the sink approach
---@field countries boolean?  whether only the exports of a country in all have a meaning
---@field third string?    the method by third country

local function sorted(meaning)
  local names = {}
  for name in require "capmod.each"(meaning) do names[#names + 1] = name end
  return names
end

local function with(method, more)
  for name, value in require "capmod.each"(more) do method[name] = value end
  return method
end

--- A method all of whose terms add up to gross exports.
local function whole(core, title, prefix, meaning)
  return { core = core, title = title, prefix = prefix, meaning = meaning,
    parts = sorted(meaning), adds = "the terms", sums = {} }
end

--- Borin and Mancini's standard terms, which are sums of each other.
local function nested(core, title, more)
  local sums = { { "GEXP", "DC", "FC" }, { "DC", "DVA", "DDC" }, { "DVA", "VAX", "REF" },
    { "FC", "FVA", "FDC" }, more }
  return { core = core, title = title, prefix = "bm", meaning = bm, sums = sums,
    parts = { "DVA", "DDC", "FVA", "FDC" }, adds = "DVA + DDC + FVA + FDC" }
end

local function world_of(core, approach)
  return with(nested(core, "Borin-Mancini, world perspective, " .. approach .. " approach"),
    { meaning = world, countries = true })
end

local my = { core = "bm_src", title = "Miroudot-Ye", prefix = "my", meaning = bm,
  terms = { "GEXP", "DC", "DVA", "DDC", "FC", "FVA", "FDC" }, perimeters = true, world = "my_world",
  sums = { { "GEXP", "DC", "FC" }, { "DC", "DVA", "DDC" }, { "FC", "FVA", "FDC" } },
  parts = { "DVA", "DDC", "FVA", "FDC" }, adds = "DVA + DDC + FVA + FDC" }

--- Which of KWW's terms stay as published; the rest is the world's perspective, sink approach.
local KEPT = { "DVA_FIN", "DVA_INT", "DVA_INTrex", "RDV_FIN", "RDV_INT", "DDC" }

---@type table<string, capmod.DecompositionMethod>
local methods = {
  bm_src = with(nested("bm_src", "Borin-Mancini, source approach", { "GVC", "GVCB", "GVCF" }),
    { perimeters = true, world = "bm_src_world", sink = "bm_snk" }),
  bm_snk = with(nested("bm_snk", "Borin-Mancini, sink approach"), { world = "bm_snk_world" }),
  bm_src_terms = with(whole("bm_src_terms", "Borin-Mancini, source approach, 12 terms", "bm",
    twelve), { perimeters = true, sink = "bm_snk_terms" }),
  bm_snk_terms = whole("bm_snk_terms", "Borin-Mancini, sink approach, 12 terms", "bm", twelve),
  bm_src_world = world_of("bm_world_src", "source"),
  bm_snk_world = world_of("bm_world_snk", "sink"),
  wwz = with(whole("wwz", "Wang-Wei-Zhu, 16 terms", "wwz", wwz), { third = "wwz_third" }),
  wwz_third = { title = "Wang-Wei-Zhu, by third country", prefix = "wwz", meaning = third,
    terms = { "DVA_INTrexI1", "DVA_INTrexF", "DVA_INTrexI2", "RDV_FIN2" } },
  kww = whole("kww", "Koopman-Wang-Wei, 9 terms", "kww", kww),
  kww_corrected = with(whole("kww", "Koopman-Wang-Wei, foreign terms by Borin and Mancini", "kww",
    { FVA = world.FVA, FDC = world.FDC }), { terms = KEPT, countries = true,
    also = { core = "bm_world_snk", terms = { "FVA", "FDC" } } }),
  my = my,
  my_world = { core = "bm_world_src", title = "Miroudot-Ye, the world as perimeter", prefix = "my",
    meaning = my_world, terms = { "GEXP", "DC", "DVA", "DDC", "FC", "FDC1", "FDC2" },
    from = { FDC1 = "FVA", FDC2 = "FDC" },
    sums = { { "GEXP", "DC", "FC" }, { "DC", "DVA", "DDC" }, { "FC", "FDC1", "FDC2" } },
    parts = { "DVA", "DDC", "FDC1", "FDC2" }, adds = "DVA + DDC + FDC1 + FDC2" },
  tripartite = { core = "tripartite", title = "Borin-Mancini-Taglioni, three parts", prefix = "bmt",
    meaning = tripartite, parts = { "DAVAX", "GVC_PF", "GVC_TS", "GVC_PB" },
    sums = { { "GEXP", "DAVAX", "GVC" }, { "GVC", "GVC_PF", "GVC_TS", "GVC_PB" } },
    adds = "DAVAX + GVC_PF + GVC_TS + GVC_PB" },
  oecd = { core = "oecd", title = "OECD TiVA", prefix = "oecd", meaning = oecd,
    parts = { "EXGR_DVA", "EXGR_FVA" }, adds = "EXGR_DVA + EXGR_FVA",
    sums = { { "EXGR_DVA", "EXGR_DDC", "EXGR_IDC", "EXGR_RIM" } } },
}

for _, name in ipairs(KEPT) do
  local corrected = methods.kww_corrected
  corrected.meaning[name] = kww[name]
  table.insert(corrected.parts, name)
end

return methods
