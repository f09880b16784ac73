--- The course of a chain over years: what chain:over gives. Courses do not change.
---
---     print(c)   print(c:path())   print(c:moves())   print(c:plants())
---     print(c:value{ by = "owner" })

local args = require "capmod.args"
local capability = require "capmod.chain.capability"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local insides = require "capmod.chain.inside"

local course = {}

---@class cm.Course
---@field name string
local methods = {}

local Course = { __name = "cm.Course" }
local inside = setmetatable({}, { __mode = "k" })

--- Whether a stage is where it was, done by the same and in the same way.
---@param a { at: string, by: string?, mode: string?, recipe: string?, started: boolean? }
---@param b table
---@return boolean
function course.same(a, b)
  if a.started or b.started then return a.at == b.at end
  return a.at == b.at and a.by == b.by and a.mode == b.mode and a.recipe == b.recipe
end

--- "ETH by CHN (fdi)".
---@param place table
---@return string
function course.where(place)
  local text = place.at
  if place.by and place.by ~= place.at then text = ("%s by %s"):format(text, place.by) end
  if place.recipe then text = ("%s, %s"):format(text, place.recipe) end
  return place.mode and ("%s (%s)"):format(text, place.mode) or text
end

local function of(self)
  args.object(inside[self] ~= nil, "course")
  return inside[self]
end

local function title(c, what)
  return ("%s, %d to %d: %s"):format(c.name, c.first, c.last, what)
end

--- What it costs to keep the plants that stand in a year.
local function standing(row)
  local sum = 0
  for _, plant in ipairs(row.standing) do sum = sum + plant.cost end
  return sum
end

--- What a unit costs in a year without what is paid once, and with all plants that stand.
local function running(row)
  local paid = -standing(row)
  for _, one in ipairs(require "capmod.plan".opened(row.plan)) do paid = paid + one.charged end
  return row.plan.cost - paid / insides.of(row.chain).world.volume
end

local function has_plants(c)
  for _, row in ipairs(c.rows) do
    if #row.plants > 0 then return true end
  end
  return false
end

--- Every year: the landed cost of a unit without what is paid once, the cost of all plants that
--- stand in it, what is paid once for all that is made (less the scrap value of what closes), and
--- the stages that moved. Years without a plan have their status and no cost.
---@return cm.Frame  columns: year, cost (the chain's unit), standing (where plants are kept),
---  invested, moved
function methods:path()
  local c, rows, keeps = of(self), {}, false
  for _, row in ipairs(c.rows) do keeps = keeps or standing(row) > 0 end
  for i, row in ipairs(c.rows) do
    local moved = {}
    for k, move in ipairs(row.moves) do moved[k] = move.stage end
    rows[i] = { year = row.year, cost = row.plan.chain and running(row), invested = row.invested,
      standing = keeps and row.plan.chain and standing(row) or nil,
      moved = #moved > 0 and table.concat(moved, ", ") or row.plan.status ~= "optimal"
        and row.plan.status or nil }
  end
  local cols = { { "year", digits = 0, unit = "1" }, { "cost", digits = 2 },
    { "invested", digits = 2, unit = "1" }, { "moved", kind = "text" } }
  if keeps then table.insert(cols, 3, { "standing", digits = 2, unit = "1" }) end
  local note = {}
  if c.payback == "remaining" or c.payback > 1 then
    note[1] = ("what is paid once has to pay within %s%s"):format(c.payback == "remaining"
      and "the years that are left" or ("%g years"):format(c.payback), c.discount > 0
      and (", at %g %% a year"):format(100 * c.discount) or "")
  end
  note[#note + 1] = c.beyond and ("events of %s are behind the last year"):format(c.beyond) or nil
  note[#note + 1] = c.fast and ("these at least double each year, since rates are shares (0.06 is "
    .. "6 %%): %s"):format(c.fast) or nil
  return frame{ title = title(c, "what a unit costs"), unit = c.unit, keys = { "year" },
    rows = rows, bar = false, cols = cols, note = note }
end

--- The rules that change over the years: the bounds of each year, and what its plan comes to in
--- their measure. Years before a bound begins are left out.
---@return cm.Frame  columns: year, rule, min, max, is
function methods:rules()
  local c, rows = of(self), {}
  for _, row in ipairs(c.rows) do
    for _, ramp in ipairs(c.rules) do
      local rule = row.subject and row.subject[ramp.name]
      if rule then
        rows[#rows + 1] = { year = row.year, rule = ramp.name, min = rule.min, max = rule.max,
          is = row.plan.chain and row.plan:measure(ramp.name) or nil }
      end
    end
  end
  return frame{ title = title(c, "rules that change"), keys = { "year", "rule" }, rows = rows,
    bar = false, cols = { { "year", digits = 0 }, { "rule", kind = "text" },
      { "min", kind = "number" }, { "max", kind = "number" }, { "is", kind = "number" } } }
end

--- What became of plants, when and why: `begun` (decided and paid; it makes after its lag),
--- `opened`, `idle`, `used again`, `closed`. `paid` is what that cost once, below 0 where scrap was
--- sold. `because` is why stages came or went, as of moves; "start", "new" of what is first there.
---@return cm.Frame  columns: year, plant (its class), at, what, paid, because
function methods:plants()
  local c, rows = of(self), {}
  for _, row in ipairs(c.rows) do table.move(row.plants, 1, #row.plants, #rows + 1, rows) end
  return frame{ title = title(c, "what became of plants, and why"), rows = rows, bar = false,
    keys = { "year", "plant", "at" }, cols = { { "year", digits = 0 },
      { "plant", kind = "text" }, { "at", kind = "country" }, { "what", kind = "text" },
      { "paid", digits = 2 }, { "because", kind = "text" } } }
end

--- What moved, when and why. `saves`: what a unit would cost more had the stage stayed, everything
--- else placed anew; blank where it could not have stayed. `because`: the driver without which, as
--- it was in the first year and all else as it is, the stage would have stayed; with "or" where no
--- one of them alone was needed, "start" where the first year begins otherwise than `start` says.
---@return cm.Frame  columns: year, stage, from, to, saves, because
function methods:moves()
  local c, rows = of(self), {}
  for _, row in ipairs(c.rows) do table.move(row.moves, 1, #row.moves, #rows + 1, rows) end
  return frame{ title = title(c, "what moved, and why"), unit = c.unit, keys = { "year", "stage" },
    rows = rows, bar = false, cols = { { "year", digits = 0, unit = "1" },
      { "stage", kind = "text" }, { "from", kind = "text" }, { "to", kind = "text" },
      { "saves", digits = 2 }, { "because", kind = "text" } } }
end

--- Where each stage is in each year, by whom and in which mode.
---@return cm.Frame  columns: year, stage, at, by, mode
function methods:places()
  local c, rows = of(self), {}
  for _, row in ipairs(c.rows) do
    for _, s in ipairs(row.plan.chain and insides.of(row.plan.chain).list or {}) do
      local place = row.places[s.name]
      rows[#rows + 1] = { year = row.year, stage = s.name, at = place.at, by = place.by,
        mode = place.mode }
    end
  end
  return frame{ title = title(c, "where the stages are"), keys = { "year", "stage" }, rows = rows,
    bar = false, cols = { { "year", digits = 0 }, "stage", { "at", kind = "country" },
      { "by", kind = "text" }, { "mode", kind = "text" } } }
end

--- What plants cost to keep in a year, for one unit, by place or by what is made in them.
local function add_standing(row, by, add)
  local volume = insides.of(row.chain).world.volume
  for _, plant in ipairs(row.standing) do
    local label = by == "stage" and ("(standing: %s)"):format(plant.class) or plant.at
    if plant.cost > 0 then add(label, plant.cost / volume) end
  end
end

local function decomposed(c, kind, by, dimensions)
  by = args.choice(by or "country", "by", dimensions, kind)
  local rows = {}
  for _, row in ipairs(c.rows) do
    local once, sums, order = {}, {}, {}
    local function add(label, x)
      if not sums[label] then order[#order + 1] = label end
      sums[label] = (sums[label] or 0) + x
    end
    for _, one in ipairs(row.plan.chain and require "capmod.plan".opened(row.plan) or {}) do
      local label = one.class and ("(%s: %s)"):format(one.label, one.class)
        or ("(%s)"):format(one.label)
      once[label] = one.investment > 0 or one.standing
    end
    local f = row.plan.chain and row.plan:decompose{ of = kind,
      by = by == "stage" and { by } or { by, "stage" } } or {}
    for r = 1, #f do
      local part = f[r]
      if not once[part.stage] then add(part[by], part[kind]) end
    end
    if kind == "value" and row.plan.chain then add_standing(row, by, add) end
    table.sort(order)
    for _, label in ipairs(order) do
      rows[#rows + 1] = { year = row.year, [by] = label, [kind] = sums[label] }
    end
  end
  return frame{ title = title(c, ("%s by %s"):format(kind, by)), keys = { "year", by },
    unit = kind ~= "jobs" and c.unit or nil, rows = rows, bar = false,
    cols = { { "year", digits = 0, unit = "1" },
      { by, kind = by ~= "stage" and by ~= "skill" and "country" or "text" },
      { kind, digits = 2 } } }
end

--- The value of a unit by country (where the work is done), owner or stage, every year; without
--- what is paid once, with what plants cost to keep, which stays with their places.
---@param t? { by: string? }
---@return cm.Frame  columns: year, country, value
function methods:value(t)
  t = args.check("value", t or {}, { by = { "string" } })
  return decomposed(of(self), "value", t.by, { "country", "owner", "stage" })
end

--- The labour for all that is made, by country, owner, stage or skill, every year.
---@param t? { by: string? }
---@return cm.Frame  columns: year, country, jobs
function methods:jobs(t)
  t = args.check("jobs", t or {}, { by = { "string" } })
  return decomposed(of(self), "jobs", t.by, { "country", "owner", "stage", "skill" })
end

--- What states get of a unit, taxes and duties less subsidies, by country or stage, every year;
--- without what is paid once.
---@param t? { by: string? }
---@return cm.Frame  columns: year, country, revenue
function methods:revenue(t)
  t = args.check("revenue", t or {}, { by = { "string" } })
  return decomposed(of(self), "revenue", t.by, { "country", "stage" })
end

--- A figure of the chain in every year, by its dotted name, such as "productivity.ETH".
---@param name string
---@return cm.Frame  columns: year, value
function methods:figure(name)
  local c, rows = of(self), {}
  args.one(name, "figure", "name", "string")
  for i, row in ipairs(c.rows) do
    local found = row.chain:figures():where{ name = name }
    if #found == 0 then
      errors.raise(2065, { message = ("'%s' states no figure '%s'"):format(c.name, name),
        object = c.name, field = name, fix = "chain:figures() lists the names of its figures" })
    end
    rows[i] = { year = row.year, value = found[1].value }
  end
  return frame{ title = title(c, name), keys = { "year" }, rows = rows, bar = false,
    cols = { { "year", digits = 0 }, { "value" } } }
end

--- What the firms of a place have learned of others at the beginning of each year: the part of each
--- block that is learned (the stages of one class), their productivity and tier. Places where
--- nobody teaches are left out.
---@return cm.Frame  columns: year, country, block, learned, productivity, tier
function methods:capability()
  local c, rows = of(self), {}
  local last = c.rows[#c.rows].gained
  for _, row in ipairs(c.rows) do
    for at, one in each(last) do
      local productivity, tier = capability.of(insides.of(row.chain).world, at)
      for class in each(one.blocks) do
        local m = row.gained[at] and row.gained[at].blocks[class] or 0
        rows[#rows + 1] = { year = row.year, country = at, block = class, learned = m,
          productivity = productivity, tier = tier }
      end
    end
  end
  return frame{ title = title(c, "what firms have learned of others"), rows = rows, bar = false,
    keys = { "year", "country", "block" }, cols = { { "year", digits = 0 },
      { "country", kind = "country" }, { "block", kind = "text" },
      { "learned", format = "percent" }, { "productivity" }, { "tier", digits = 2 } } }
end

--- The plan of a year, to ask it what plans can be asked. CM1004 a year that was not run.
---@param year integer
---@return cm.Plan
function methods:plan(year)
  local c = of(self)
  local row = math.type(year) == "integer" and c.rows[year - c.first + 1]
  if row then return row.plan end
  errors.raise(1004, { message = ("plan: %s is not a year from %d to %d"):format(tostring(year),
    c.first, c.last), object = "plan", field = "year",
    fix = ("course:plan(%d) is the last"):format(c.last) })
end

insides.noted(methods, function(self) return inside[self] end)

function Course:__index(key)
  if methods[key] then return methods[key] end
  local c = inside[self]
  if key == "name" or key == "unit" then return c[key] end
  args.no_such(("course of '%s'"):format(c.name), key, "course", { "name", "unit" }, methods)
end

function Course:__newindex(key)
  errors.raise(2044, { message = ("course of '%s' does not change: %s cannot be set"):format(
    inside[self].name, tostring(key)), object = "course", field = tostring(key),
    fix = "run a changed chain over the years" })
end

function Course:__tostring()
  local parts = { tostring(self:path()), tostring(self:moves()) }
  if has_plants(inside[self]) then parts[3] = tostring(self:plants()) end
  return table.concat(parts, "\n")
end

--- The course of the rows of years.lua.
---@param c table
---@return cm.Course
function course.new(c)
  local object = setmetatable({}, Course)
  inside[object] = c
  return object
end

return course
