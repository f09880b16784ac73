--- Extensions, all in one form: cm.define.<kind>{ name =, about =, ... }.
---
---     cm.define.rule{ name = "host first", about = "the host gets half of the gain",
---       divide = function(game) ... end }
---
--- What is defined stands in one registry: cm.define.registry "rule" lists it by name,
--- cm.define.get("rule", "host first") finds one. Defining a name a second time is refused unless
--- `replace = true` says that it is meant, or the same file is loaded again. Errors CM31xx.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"

local getinfo = debug.getinfo -- kept: a sandboxed script has no debug
local define = {}

local TEXT = { "string" }
local FUNCTION = { "callable" }

-- Fields that every definition may have.
local COMMON = {
  name = TEXT, about = TEXT, cite = TEXT, version = TEXT, licence = TEXT, note = TEXT,
  replace = { "boolean", about = "whether it may take the place of one of the same name" },
}

-- What each kind needs and may have besides.
local KINDS = {
  chart = { needs = { draw = FUNCTION } },
  classification = { needs = { sectors = { "table" } }, may = { sections = { "table" } } },
  group = { needs = { members = { "string", "list", "callable" } },
    may = { year = { "integer" }, of = TEXT } },
  indicator = { needs = { compute = FUNCTION }, may = { unit = TEXT, share = { "boolean" } } },
  method = { needs = { decompose = FUNCTION }, may = { terms = { "list" } } },
  mode = { needs = { apply = FUNCTION }, may = { fields = { "table" }, needs = { "list" } } },
  model = { needs = { params = { "table" }, run = FUNCTION } },
  reader = { needs = { read = FUNCTION },
    may = { recognise = FUNCTION, edition = TEXT, endings = { "list" }, options = { "table" },
      accounts = { "boolean" }, makes = TEXT, classification = TEXT, default = { "list" },
      rows = { "table" }, no_rows = TEXT } },
  rule = { needs = { divide = FUNCTION } },
  writer = { needs = { write = FUNCTION, endings = { "list" } } },
}

-- What makes the thing that cm.define.<kind> gives back, where it is more than the definition.
local MAKERS = {
  classification = function(definition)
    return require("capmod.codes").define_classification{ name = definition.name,
      about = definition.about, sectors = definition.sectors }
  end,
  group = function(definition)
    return require("capmod.codes").define_group{ name = definition.name,
      about = definition.about, members = definition.members, year = definition.year,
      of = definition.of }
  end,
  model = function(definition) return require("capmod.scenario").model(definition) end,
}

-- What is asked of a definition besides its fields.
local CHECKS = {
  mode = function(t) require("capmod.chain.modes").check(t) end,
}

local registry = {}
for kind in each(KINDS) do registry[kind] = {} end

local function kinds()
  local list = {}
  for kind in each(KINDS) do list[#list + 1] = kind end
  return list
end

local function known_kind(kind)
  if KINDS[kind] then return kind end
  errors.raise(3101, {
    message = ("define has no kind '%s'"):format(tostring(kind)), object = "define",
    field = tostring(kind),
    fix = errors.did_you_mean(kind, kinds(), "the kinds are " .. table.concat(kinds(), ", ")),
  })
end

-- ---- definitions --------------------------------------------------------------------------------

-- The fields stand behind a key of their own, so that an assignment is always seen.
local FIELDS = {}
local Definition = { __name = "cm.Definition" }
function Definition.__index(definition, field) return rawget(definition, FIELDS)[field] end
function Definition.__pairs(definition) return each(rawget(definition, FIELDS)) end
function Definition.__newindex(definition)
  errors.raise(3105, {
    message = ("%s '%s' does not change"):format(definition.kind, definition.name),
    object = definition.name, fix = "define it again with replace = true",
  })
end
function Definition.__tostring(definition)
  return ("%s '%s': %s"):format(definition.kind, definition.name, definition.about)
end

--- The fields that a definition of this kind needs, all that are missing in one report; CM3102.
local function check_needs(object, kind, t)
  local found = errors.findings()
  local function need(name)
    if t[name] ~= nil then return end
    found:add(3102, {
      message = ("%s needs the field '%s'"):format(object, name), object = object, field = name,
      fix = ("cm.define.%s{ name = ..., about = ..., %s }"):format(kind, define.form(kind)),
    })
  end
  need "name"
  need "about"
  for name in each(KINDS[kind].needs) do need(name) end
  found:raise()
end

--- The fields of a kind besides the common ones, as a form to fill in.
function define.form(kind)
  local fields = {}
  for name, rule in each(KINDS[known_kind(kind)].needs) do
    fields[#fields + 1] = ("%s = %s"):format(name,
      rule == FUNCTION and "function(...) ... end" or "...")
  end
  return table.concat(fields, ", ")
end

--- Whether the same lines of a file made both definitions, in two loads of it: another function
--- from the same place.
local function is_reload(kind, known, t)
  for name, rule in each(KINDS[kind].needs) do
    local old, new = known[name], t[name]
    if rule == FUNCTION and type(old) == "function" and type(new) == "function" and old ~= new then
      local a, b = getinfo(old, "S"), getinfo(new, "S")
      return a.source == b.source and a.linedefined == b.linedefined
    end
  end
  return false
end

--- Where the names are that come with capmod; of rules these go first and stay, others may be
--- replaced. chain/modes.lua knows those of modes.
local BUILT_IN = { rule = "capmod.cooperation.rules", indicator = "capmod.mrio.indicators",
  method = "capmod.mrio.decompose" }

local function check_new(kind, t)
  local stays, of = kind == "rule", BUILT_IN[kind]
  if of and (stays or not t.replace) and require(of).is_built_in(t.name) then
    errors.raise(3103, { message = ("%s '%s' comes with capmod"):format(kind, t.name),
      object = t.name, field = "name",
      fix = "give it another name" .. (stays and "" or ", or say replace = true") })
  end
  local known = registry[kind][t.name]
  if not known or t.replace or is_reload(kind, known, t) then return end
  errors.raise(3103, {
    message = ("%s '%s' is defined already"):format(kind, t.name), object = t.name,
    field = "name", fix = "give it another name, or say replace = true",
  })
end

local function add(kind, t)
  local object = type(t) == "table" and type(t.name) == "string"
    and ("%s '%s'"):format(kind, t.name) or "define." .. kind
  if type(t) ~= "table" then args.check(object, t, {}) end
  check_needs(object, kind, t)
  local spec = {}
  for _, fields in ipairs{ COMMON, KINDS[kind].needs, KINDS[kind].may or {} } do
    for name, rule in pairs(fields) do spec[name] = rule end -- any order
  end
  args.check(object, t, spec)
  check_new(kind, t)
  if CHECKS[kind] then CHECKS[kind](t) end
  local fields = { kind = kind }
  for field, value in pairs(t) do fields[field] = value end -- any order
  fields.replace = nil
  local definition = setmetatable({ [FIELDS] = fields }, Definition)
  local made = MAKERS[kind] and MAKERS[kind](definition) or definition
  registry[kind][t.name] = made
  return made
end

--- All that is defined of a kind, by name.
---@param kind string
---@return table[]
function define.registry(kind)
  local list = {}
  for _, made in each(registry[known_kind(kind)]) do list[#list + 1] = made end
  return list
end

--- What is defined under a name; CM3104 where there is none.
---@param kind string
---@param name string
function define.get(kind, name)
  local made = registry[known_kind(kind)][name]
  if made then return made end
  local names = {}
  for known in each(registry[kind]) do names[#names + 1] = known end
  errors.raise(3104, {
    message = ("no %s '%s' is defined"):format(kind, tostring(name)), object = kind,
    field = tostring(name),
    fix = errors.did_you_mean(tostring(name), names,
      #names > 0 and "there are " .. table.concat(names, ", ")
      or ("make one: cm.define.%s{ ... }"):format(kind)),
  })
end

--- The kinds of things that can be defined, sorted.
---@return string[]
function define.kinds()
  return kinds()
end

for kind in each(KINDS) do
  define[kind] = function(t) return add(kind, t) end
end

return setmetatable(define, {
  __name = "capmod.define",
  __index = function(_, kind) known_kind(kind) end,
})
