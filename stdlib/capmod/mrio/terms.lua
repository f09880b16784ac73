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

---@class capmod.DecompositionMethod
---@field core string      what the engine calls it
---@field title string
---@field prefix string    that qualifies its terms: "bm" in bm.DDC
---@field meaning table<string, string>
---@field parts string[]   the terms that add up to gross exports
---@field adds string      how the check names them
---@field sums string[][]  identities: a term, and those that it is the sum of

local function sorted(meaning)
  local names = {}
  for name in require "capmod.each"(meaning) do names[#names + 1] = name end
  return names
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

---@type table<string, capmod.DecompositionMethod>
return {
  bm_src = nested("bm_src", "Borin-Mancini, source approach", { "GVC", "GVCB", "GVCF" }),
  bm_snk = nested("bm_snk", "Borin-Mancini, sink approach"),
  bm_src_terms = whole("bm_src_terms", "Borin-Mancini, source approach, 12 terms", "bm", twelve),
  bm_snk_terms = whole("bm_snk_terms", "Borin-Mancini, sink approach, 12 terms", "bm", twelve),
  wwz = whole("wwz", "Wang-Wei-Zhu, 16 terms", "wwz", wwz),
  kww = whole("kww", "Koopman-Wang-Wei, 9 terms", "kww", kww),
}
