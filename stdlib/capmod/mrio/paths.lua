--- m:paths{}: the supply chains through which most of a demand's value, jobs or emissions arise.

local args = require "capmod.args"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local group = require "capmod.mrio.group"
local places = require "capmod.mrio.places"
local store = require "capmod.mrio.store"
local text = require "capmod.text"

local paths = {}

local FIELDS = {
  product = { "string", "list", about = "what is demanded: \"USA.C29\"; all products if left out" },
  destination = { "string", "list", about = "whose final demand; one unit if left out" },
  top = { "integer", about = "how many chains at most (20, or 1000 with above)" },
  above = { "number", about = "only chains worth at least this share of all: 0.01" },
  row = { "string", about = "a published row instead of value added: \"VA\"" },
  satellite = { "string", about = "a satellite instead: \"EMP\"" },
  steps = { "integer", about = "the most places that are looked at (2000000)" },
}

local function range(t, field, low)
  if t[field] and (t[field] < low or t[field] ~= t[field]) then
    errors.raise(1623, { message = ("paths: %s = %g is below %g"):format(field, t[field], low),
      field = field, fix = "top counts chains, above is a share of the whole: 0.01" })
  end
end

local function demand_of(s, t)
  if not t.product and not t.destination then
    errors.raise(1002, { message = "paths needs the field 'product'", object = "paths",
      field = "product", fix = 'paths{ product = "USA.C29" }, or destination = "USA"' })
  end
  local product = places.nodes(s, t.product or "*", "product")
  local rows = {}
  for i = 1, #s.nodes do rows[i] = 0 end
  for _, i in ipairs(product.list) do rows[i] = 1 end
  if not t.destination then
    local what = #product.list > 1 and "one unit each of final " or "one unit of final "
    return s.table:demand(nil, rows, { "all" }, { 1 }, { "all" }), what .. product.title, product
  end
  local to, cols = places.countries(s, t.destination), {}
  for i = 1, #s.countries do cols[i] = 0 end
  for _, i in ipairs(to.list) do cols[i] = 1 end
  local title = "final demand of " .. to.title
  if t.product then title = ("%s for %s"):format(title, product.title) end
  return s.table:demand(s.table:part "D", rows, { "all" }, cols, { "all" }), title, product, to
end

local function figure(value)
  return text.number(value, text.number_style({ value }, 1))
end

local function check_lines(found, share)
  local lines = { ("%s: %s of %s%s"):format(text.count(#found, "chain"), figure(found.covered),
    figure(found.total), found.total ~= 0 and ", " .. text.percent(found.covered / found.total)
    or "") }
  if found.complete then
    lines[2] = "no other chain is above " .. (share and text.percent(found.left / math.abs(share))
      or figure(found.left))
  else
    lines[2] = "NOT all: the search ended at its limit of steps; other chains may be up to "
      .. figure(found.left)
  end
  return lines
end

--- Structural path analysis: the chains of suppliers, from where value arises to the product that
--- is demanded, that carry most of it.
---
---     m:paths{ product = "USA.C29" }                       the 20 largest
---     m:paths{ destination = "DEU", satellite = "CO2", above = 0.001 }
---
--- A chain "KOR.C24 > KOR.C29 > USA.C29" is worth v A A y along its links. Best first: what all
--- chains behind a place can be worth bounds the search, so that those found are the largest, and
--- the last lines say what share of the whole they cover and how large any other can be.
--- `above` is a share of the whole. Defourny and Thorbecke 1984; Treloar 1997.
--- CM1001-1003, CM11xx, CM1609, CM1610 nothing demanded, CM1623 out of range, CM4001-4003.
---@param self capmod.Mrio
---@param t { product: string|string[]|nil, destination: string|string[]|nil, top: integer?,
---  above: number?, row: string?, satellite: string?, steps: integer? }
---@return capmod.Frame
function paths.paths(self, t)
  local s = store.of(self)
  args.check("paths", t, FIELDS)
  range(t, "top", 1)
  range(t, "above", 0)
  range(t, "steps", 1)
  local demand, title, product, to = demand_of(s, t)
  local weights, what, unit = group.weights(s, t)
  local all = {}
  for i = 1, #s.nodes do all[i] = 1 end
  local total = s.table:origin(weights, demand, all, { "all" }):get(1, 1)
  if total == 0 then
    errors.raise(1610, { message = ("paths: there is no %s in %s"):format(what, title),
      object = s.name, fix = "look at m.D and m.x for what there is" })
  end
  local found = s.table:paths(weights, demand, math.tointeger(t.top) or t.above and 1000 or 20,
    (t.above or 0) * math.abs(total), math.tointeger(t.steps))
  local rows = {}
  for k, path in ipairs(found) do
    local names = {}
    for i, node in ipairs(path) do names[i] = s.nodes[node] end
    rows[k] = { path = table.concat(names, " > "), links = #path - 1, value = path.value,
      share = path.value / total }
  end
  return frame{ title = ("%s in %s, by chain"):format(what, title), keys = { "path" },
    unit = (t.destination or t.satellite) and unit or nil, rows = rows, bar = "share",
    cols = { { name = "path" }, { name = "links", digits = 0 }, { name = "value" },
      { name = "share", format = "percent" } }, note = group.notes(product, to),
    check = check_lines(found, total) }
end

return paths
