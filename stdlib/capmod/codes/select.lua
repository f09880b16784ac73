--- Selectors: sets of countries or sectors written as sums and differences of names,
--- "EU27 - DEU + CHE".

local country = require "capmod.codes.country"
local each = require "capmod.each"
local errors = require "capmod.errors"
local group = require "capmod.codes.group"
local sector = require "capmod.codes.sector"
local text = require "capmod.codes.text"

local function syntax(s, at, message, fix)
  errors.raise(1105, { object = s, col = at, fix = fix,
    message = ("selector '%s': %s at character %d"):format(s, message, at) })
end

--- The name that begins at `from`: the longest that `knows` it, so that "Guinea-Bissau" and
--- "Timor-Leste" are names; an operator between blanks always ends it.
local function operand(s, from, knows)
  local ends, at = {}, from
  repeat
    at = s:find("[-+]", at + 1)
    ends[#ends + 1] = at and at - 1 or #s
  until not at or not s:match("^%S%S%S", at - 1)
  for i = #ends, 1, -1 do
    local name = s:sub(from, ends[i]):match "^(.-)%s*$"
    if knows(name) then return name, ends[i] + 1 end
  end
  return s:sub(from, ends[1]):match "^(.-)%s*$", ends[1] + 1
end

--- The terms of an expression: { sign = "+" | "-", name =, at = }.
local function parse(s, knows)
  local terms, at, sign = {}, 1, "+"
  repeat
    at = s:find("%S", at) or #s + 1
    if at > #s then
      syntax(s, at, #terms == 0 and "a name is missing" or "a name is missing after the " .. sign,
        'write "EU27 - DEU + CHE", or "*" for all')
    elseif s:match("^[-+]", at) then
      syntax(s, at, ("a name must stand before the '%s'"):format(s:sub(at, at)),
        #terms == 0 and ('write "* %s"'):format(s:sub(at)) or nil)
    end
    local name, after = operand(s, at, knows)
    if name:match "[(),;|!]" and not knows(name) then
      syntax(s, at + name:find "[(),;|!]" - 1, ("unexpected '%s'"):format(name:match "[(),;|!]"),
        "join names by + and -, without brackets")
    end
    terms[#terms + 1] = { sign = sign, name = name, at = at }
    sign, at = s:match("^[-+]", after), after + 1
  until not sign
  return terms
end

local Chooser = {}
Chooser.__index = Chooser

--- The name of the table for messages.
function Chooser:where()
  return self.object or "this table"
end

local function list_of_codes(codes)
  if #codes <= 12 then return table.concat(codes, ", ") end
  return table.concat(codes, ", ", 1, 10) .. (" and %d more"):format(#codes - 10)
end

function Chooser:not_here(message, name)
  local near = errors.suggest(name, self.universe)
  errors.raise(1106, { object = name, message = message, fix = near
    and ("did you mean %s?"):format(near) or "it has " .. list_of_codes(self.universe) })
end

--- One country or sector, which must be in the table; what is taken away may also be a
--- member that the table lacks.
function Chooser:one(code, name)
  if not self.here[code] and not (self.taking and self.missing[code]) then
    local shown = code == name and code or ("%s (%s)"):format(code, name)
    self:not_here(("%s is not in %s"):format(shown, self:where()), code)
  end
  return { codes = { code }, title = code }
end

local function is_all(name)
  return name == "*"
end

--- What a name of a country or a group stands for; nil where it is unknown.
function Chooser:country(name)
  local code, candidates = country.find(name)
  if code and (code ~= "WLD" or self.here.WLD) then return self:one(code, name) end
  if code then return { codes = self.universe, title = "WLD" } end
  if candidates then country.code(name) end
  local entry, year = group.find(name)
  if entry and entry.of ~= "sector" then
    local codes, title = self:expand(entry, year or self.year)
    return { codes = codes, title = title, group = true }
  end
end

--- The members of a group; one of the author's may not contain itself.
function Chooser:expand(entry, year)
  if self.inside[text.fold(entry.name)] then
    errors.raise(1105, { message = ("group '%s' contains itself"):format(entry.name),
      object = entry.name, fix = "give the members of one of the groups in full" })
  end
  return group.resolve(entry, year, self.inside)
end

--- What a name of a sector, of a section or of a group of sectors stands for.
function Chooser:sector(name)
  local class = self.classification
  local code = sector.find(name, class, true)
  if code then return self:one(code, name) end
  local entry = group.find(name)
  if entry and entry.of == "sector" then
    return { codes = entry.members(), title = entry.name, group = true }
  end
  local section = class.to.ISIC4 and sector.find(name, sector.classification "ISIC4", true)
  if section then
    local codes = {}
    for _, own in ipairs(class.codes) do
      if class.to.ISIC4[own] == section then codes[#codes + 1] = own end
    end
    return { codes = codes, title = "section " .. section, group = true }
  end
  local candidates
  code, candidates = sector.find(name, class)
  if code then return self:one(code, name) end
  if candidates then sector.code(name, class) end
end

--- Marks at the ends of a name would be lost on comparison: "(DEU" is not DEU.
local function well_formed(name)
  local _, opened = name:gsub("%(", "")
  local _, closed = name:gsub("%)", "")
  return opened == closed and not name:match "^[-+*(]" and not name:match "[-+*]$"
    and not name:find("+", 1, true)
end

--- The label of the table that a name is, whatever its case.
function Chooser:own(name)
  if self.here[name] then return name end
  return well_formed(name) and self.folded[text.fold(name)] or nil
end

--- Whether a name means anything, for the longest match.
function Chooser:knows(name)
  if is_all(name) or self:own(name) then return true end
  if not well_formed(name) then return false end
  if self.kind == "sector" then
    return sector.find(name, self.classification, true) ~= nil or group.find(name) ~= nil
  end
  local code, candidates = country.find(name)
  return code ~= nil or candidates ~= nil or group.find(name) ~= nil
end

function Chooser:unknown(name)
  local fix
  if self.kind == "sector" then
    local near = sector.suggest(name, self.classification)
    fix = near and ("did you mean %s?"):format(sector.list({ near }, self.classification, "or"))
  else
    local near = errors.suggest(name, group.names())
    local near_country = country.suggest(name)
    fix = near and ("did you mean '%s'?"):format(near)
      or near_country and ("did you mean %s?"):format(country.list({ near_country }, "or"))
  end
  errors.raise(1103, { message = ("unknown %s or group '%s'"):format(self.kind, name),
    object = name, fix = fix or "the table has " .. list_of_codes(self.universe) })
end

--- What one term stands for. The table's own labels go first: a region of it that is
--- called EU is that region.
function Chooser:term(name)
  if is_all(name) then return { codes = self.universe, title = "*" } end
  local own = self:own(name)
  if own then return { codes = { own }, title = own } end
  local found = well_formed(name) and self[self.kind](self, name)
  if found then return found end
  self:unknown(name)
end

function Chooser:apply(term)
  self.taking = term.sign == "-"
  local found, hits = self:term(term.name), 0
  self.grouped = self.grouped or found.group or false
  local value = not self.taking or nil
  for _, code in ipairs(found.codes) do
    if self.here[code] then
      self.chosen[code], hits = value, hits + 1
    else
      self.missing[code] = value
    end
  end
  if hits == 0 and found.group and value then
    self:not_here(("none of %s is in %s"):format(found.title, self:where()), term.name)
  end
  return found.title
end

function Chooser:evaluate(s)
  local titles = {}
  for i, term in ipairs(parse(s, function(name) return self:knows(name) end)) do
    local title = self:apply(term)
    titles[i] = i == 1 and title or ("%s %s"):format(term.sign, title)
  end
  return table.concat(titles, " ")
end

local function chooser(options)
  local args = require "capmod.args"
  args.check("selector", options, {
    universe = { "list" }, year = { "integer" }, object = { "string" }, inside = { "table" },
    kind = { "string" }, classification = { "string", "Classification" },
  })
  local kind = args.choice(options.kind or "country", "kind", { "country", "sector" }, "selector")
  local self = setmetatable({ kind = kind, year = options.year, object = options.object,
    inside = options.inside or {}, here = {}, folded = {}, chosen = {}, missing = {} }, Chooser)
  if kind == "sector" then self.classification = sector.classification(options.classification) end
  self.universe = options.universe
    or kind == "sector" and self.classification.codes or country.all()
  for _, code in ipairs(self.universe) do
    local key = text.fold(code)
    self.here[code], self.folded[key] = true, self.folded[key] or code
  end
  return self
end

local function sorted_keys(set)
  local keys = {}
  for key in each(set) do keys[#keys + 1] = key end
  return keys
end

---@class cm.Selection
---@field codes string[]      the codes chosen, in the order of the table
---@field missing string[]    members of the groups named that the table lacks, sorted
---@field expression string   as it was written
---@field grouped boolean     whether a group is among the names
---@field members string      for printing: "EU27_2007 - DEU: AUT, BEL (2; not in it: MLT)"

--- Chooses countries, or sectors, of a table: names and groups joined by + and -, from left to
--- right, `*` or WLD for all; a list is the sum of its items.
---
--- `universe` is the list of codes that the table has (all countries, or all sectors of the
--- classification, where it is left out), `year` dates the groups, `object` is the table's
--- name in messages. With kind = "sector" names are read in `classification`, and sections of
--- ISIC Rev. 4 ("C", "Manufacturing") stand for their sectors.
--- CM1003, CM1103 unknown name, CM1104 ambiguous, CM1105 syntax, CM1106 not in the table,
--- CM1107 no members in that year.
---@param expression string|string[]
---@param options? { universe?: string[], year?: integer, object?: string, kind?: string,
---  classification?: string|cm.Classification }
---@return cm.Selection
local function select(expression, options)
  local args = require "capmod.args"
  args.one(expression, "selector", "expression", "string", "list")
  local self = chooser(options or {})
  local items = type(expression) == "table" and expression or { expression }
  local titles = {}
  for i, item in ipairs(items) do
    args.one(item, "selector", "item " .. i, "string")
    titles[i] = self:evaluate(item)
  end
  local codes = {}
  for _, code in ipairs(self.universe) do
    if self.chosen[code] then codes[#codes + 1] = code end
  end
  local lacking = sorted_keys(self.missing)
  local note = #lacking > 0 and "; not in it: " .. table.concat(lacking, ", ") or ""
  return { codes = codes, missing = lacking, grouped = self.grouped,
    expression = table.concat(items, " + "), members = ("%s: %s (%d%s)"):format(
      table.concat(titles, " + "), table.concat(codes, ", "), #codes, note) }
end

return select
