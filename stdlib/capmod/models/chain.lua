--- Chains from templates: cm.model.chain. A template says what stages a product has in fact, what
--- each costs in one country, by whom and where it can be done.

local args = require "capmod.args"
local country = require "capmod.models.country"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local sector = require "capmod.models.sector"

local template = {}

local NAMES = { "batteries", "car", "cement", "garments", "hydro_dam", "port", "power_plant",
  "railway", "shoes", "solar", "steel", "telecom" }

---@class cm.Template
---@field about string
---@field unit string
---@field dollars number  US dollars in one of the unit's money
---@field base string  where the costs are what they are
---@field year integer  of the costs
---@field cite string?  where the cost breakdown is from; without it the chain is illustrative
---@field source string?  the same in full
---@field stages table[]  { name, cost =, sector =, base =, site =, host =, uses =, ... }
---@field notes string[]?

---@return cm.Template
local function find(name)
  for _, known in ipairs(NAMES) do
    if name == known then return require("capmod.models.chains." .. name) end
  end
  errors.raise(3133, { message = ("there is no chain '%s'"):format(tostring(name)),
    object = "model.chain", field = tostring(name), fix = errors.did_you_mean(name, NAMES,
      "there are " .. table.concat(NAMES, ", ")) })
end

--- What a template gives of its own; all else goes to cm.chain as it is.
local OWN = { places = true, host = true, by = true }

local function read(name, t)
  if t ~= nil then args.one(t, ("model.chain '%s'"):format(name), "fields", "table") end
  local own, rest = {}, {}
  for field, value in each(t or {}) do
    if OWN[field] then own[field] = value else rest[field] = value end
  end
  args.check(("model.chain '%s'"):format(name), own, {
    places = { "table", about = "names or countries, or places as cm.chain takes them" },
    host = { "string", about = "where what is built stands" },
    by = { "string", "list", about = "who may carry out what is done on the site" } })
  return own, rest
end

--- Places by code, from a list of names and countries or from the form of cm.chain.
local function places_of(given, dollars)
  if given and given[1] == nil then return given end
  local fields = { money = dollars }
  for _, item in ipairs(given) do fields[#fields + 1] = item end
  return require("capmod.model").places(fields)
end

--- Where a stage can be done: on the site, or at all places that are known.
local function candidates(spec, t, places, host)
  if not t.places then return country.of(spec.base).code end
  if spec.site then return host end
  local list = {}
  for code in each(places) do list[#list + 1] = code end
  return #list == 1 and list[1] or list
end

local function refuse_host(name, message)
  errors.raise(3135, { message = ("chain '%s': %s"):format(name, message), object = name,
    field = "host", fix = "host = the place where it stands, one of the places" })
end

--- The host: named, or the only place, where a stage stands on its site.
local function host_of(name, form, t, places)
  local codes = {}
  for code in each(places or {}) do codes[#codes + 1] = code end
  local host = t.host and country.code(t.host) or #codes == 1 and codes[1] or nil
  if not t.places then
    if host then refuse_host(name, "a host without places") end
    return nil
  end
  local needs = false
  for _, spec in ipairs(form.stages) do needs = needs or spec.site or spec.host end
  if needs and not host then refuse_host(name, "it stands on a site, and no host is named") end
  if host and places and not places[host] then
    refuse_host(name, ("the host %s is none of the places"):format(host))
  end
  return host
end

local function stage_of(form, spec, t, places, host)
  spec = setmetatable({ base = spec.base or form.base }, { __index = spec })
  local fields = { cost = spec.cost, base = spec.base, money = form.dollars, uses = spec.uses,
    wages = spec.wages, capital = spec.capital, materials = spec.materials,
    profit = spec.profit, class = spec.class, note = spec.note, duty_class = spec.duty_class,
    at = candidates(spec, t, places, host) }
  if spec.site and t.places then
    fields.by, fields.movable = t.by, false
  end
  if spec.host then fields.by = host end
  local own = sector.of(spec.sector)
  if spec.skilled then own = own:with{ skilled = spec.skilled } end
  local stage = own:stage(spec[1], fields)
  stage.tier = t.places and (spec.tier or stage.tier) or nil
  if spec.host then stage.tier = nil end
  return stage
end

--- The places that the stages of a template name, with their shipped figures.
local function bases_of(form)
  local list, seen = { money = form.dollars }, {}
  for _, spec in ipairs(form.stages) do
    local code = country.of(spec.base or form.base).code
    if not seen[code] then list[#list + 1], seen[code] = code, true end
  end
  return require("capmod.model").places(list)
end

local function notes_of(form)
  local list = { form.cite and ("costs of %d: %s"):format(form.year, form.cite)
    or "illustrative: the stages are real, their costs are made up", sector.note }
  return table.move(form.notes or {}, 1, #(form.notes or {}), #list + 1, list)
end

--- A chain from a template. CM3133 no such template, CM3135 host.
---@param name string
---@param t table?
---@return cm.Chain
function template.make(name, t)
  local form, own, rest = find(args.one(name, "model.chain", "name", "string")), read(name, t)
  local places = own.places and places_of(own.places, form.dollars)
  local host = host_of(name, form, own, places)
  own.by = own.by or rest.home
  local given = { name = form.name, unit = form.unit, about = form.about,
    source = form.source, stages = {}, colocate = own.places and form.colocate or nil,
    places = places or bases_of(form), market = own.places and host or nil,
    note = notes_of(form) }
  for i, spec in ipairs(form.stages) do
    given.stages[i] = stage_of(form, spec, own, places, host)
  end
  local changes = rest.stages
  rest.stages = nil
  for field, value in each(rest) do given[field] = value end
  local chain = require "capmod.chain"(given)
  return changes and chain:with{ stages = changes } or chain
end

--- The templates: what each is of, whether it cites its costs, and from where.
---@return cm.Frame
function template.list()
  local rows, sources = {}, {}
  for i, name in ipairs(NAMES) do
    local form = find(name)
    local total = 0
    for _, spec in ipairs(form.stages) do total = total + spec.cost end
    rows[i] = { name = name, about = form.about, stages = #form.stages, cost = total,
      unit = form.unit, costs = form.cite and tostring(form.year) or "illustrative" }
    if form.cite then sources[#sources + 1] = ("%s: %s"):format(name, form.source) end
  end
  return frame{ title = "chains that come with capmod", keys = { "name" }, rows = rows,
    bar = false, check = sources, cols = { "name", { name = "stages", digits = 0 },
      { name = "cost", format = "mixed" }, "unit", "costs", "about" } }
end

return template
