--- What the rules and capacities of a plan cost at the margin: each is made a step tighter and a
--- step looser, and the chain placed anew.

local args = require "capmod.args"
local each = require "capmod.each"
local errors = require "capmod.errors"
local frame = require "capmod.frame"
local insides = require "capmod.chain.inside"
local locate = require "capmod.chain.locate"
local solving = require "capmod.plan.solving"

local shadow = {}

local FIELDS = {
  step = { "number", about = "as a fraction of each bound: 0.01" },
}

--- Every bound: its name, side, value, and how to ask with another value.
local function bounds_of(p)
  local list = {}
  for name, rule in each(p.given.subject or {}) do
    for _, side in ipairs{ "min", "max" } do
      if rule[side] then
        list[#list + 1] = { name = name, side = side, value = rule[side],
          least = name:match "^content" and 0, most = name:match "^content" and 1,
          ask = function(x)
          local given = insides.copy(p.given)
          given.subject[name][side] = x
          return locate.problem(p.chain, given)
        end }
      end
    end
  end
  for row in p.source:figures():rows() do
    local first = row.name:match "^[^.]+"
    if first == "capacity" or row.name:match "^places%.[^.]+%.capacity" then
      list[#list + 1] = { name = row.name, side = "max", value = row.value, least = 0,
        ask = function(x)
        return locate.problem(insides.of(p.source:with{ [row.name] = x }), p.given)
      end }
    end
  end
  return list
end

--- Whether a solve leaves no more open than the default gap: with a wider one asked for, "optimal"
--- is not near enough for differences.
---@param f table  figures of a solve, or fields of a plan
---@return boolean
function shadow.is_exact(f)
  return f.status == "infeasible" or f.status == "optimal" and (f.gap or 0) <= 1e-6
end

--- What a changed bound takes from the objective, a unit; least and most it can be; nil where there
--- is no plan.
local function change(p, bound, x, step)
  if bound.least and x < bound.least or bound.most and x > bound.most then
    return { status = "out of bounds", proven = true }
  end
  local f = solving.ask(bound.ask(x), solving.options(p.options, { gap = p.options.gap or 1e-9 }))
    :figures()
  local sign = p.given.maximise and -1 or 1
  local t = { status = f.status, proven = shadow.is_exact(f) }
  if not f.objective then return t end
  local now, best = p.fields.objective, p.fields.bound or p.fields.objective
  t.price = sign * (f.objective - now) / step
  local bound_of = f.bound or f.objective
  local ends = { sign * (f.objective - best) / step, sign * (bound_of - now) / step }
  table.sort(ends)
  t.least, t.most = ends[1], ends[2]
  return t
end

local WORDS = { infeasible = "no plan", feasible = "not proven", optimal = nil }

local function put(row, side, t, proven)
  if proven then
    row[side] = t.price
  else
    row[side .. " from"], row[side .. " to"] = t.least, t.most
  end
  if t.status ~= "optimal" then
    local text = ("%s: %s"):format(side, WORDS[t.status] or t.status)
    row.note = row.note and row.note .. "; " .. text or text
  end
end

--- See plan:shadow_prices.
---@param p table  the inside of a plan
---@param t { step: number? }
---@return cm.Frame
function shadow.of(p, t)
  args.check("shadow_prices", t, FIELDS)
  local share = t.step or 0.01
  if not (share > 0 and share < 1) then
    errors.raise(1004, {
      message = ("shadow_prices: step = %g is not between 0 and 1"):format(share),
      object = "shadow_prices", field = "step", fix = "step = 0.01" })
  end
  local proven, tried, rows = shadow.is_exact(p.fields), {}, {}
  for k, bound in ipairs(bounds_of(p)) do
    local step = bound.value == 0 and share or share * math.abs(bound.value)
    local tighter = bound.side == "min" and step or -step
    tried[k] = { bound = bound, step = step,
      tighter = change(p, bound, bound.value + tighter, step),
      looser = change(p, bound, bound.value - tighter, -step) }
    proven = proven and tried[k].tighter.proven and tried[k].looser.proven
  end
  local cols, noted = { "rule", "bound", { name = "is" }, { name = "step" } }, false
  for k, one in ipairs(tried) do
    local row = { rule = one.bound.name, bound = one.bound.side, is = one.bound.value,
      step = one.step }
    for _, side in ipairs{ "tighter", "looser" } do put(row, side, one[side], proven) end
    rows[k], noted = row, noted or row.note
  end
  for _, side in ipairs{ "tighter", "looser" } do
    for _, tail in ipairs(proven and { "" } or { " from", " to" }) do
      cols[#cols + 1] = { name = side .. tail, digits = 4 }
    end
  end
  if noted then cols[#cols + 1] = "note" end
  return frame{ title = ("'%s': what a unit of each rule costs in %s"):format(p.chain.name,
    p.problem.objective), keys = { "rule", "bound" }, cols = cols, rows = rows, bar = false,
    check = ("finite differences of optima placed anew over the step, not multipliers%s"):format(
      proven and "" or "; from and to where a solve is not proven") }
end

return shadow
