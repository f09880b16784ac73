--- Costs in pieces: a variable that follows a function given by points, as linear constraints.
---
--- The function is cut into pieces that are convex (for a cost; concave for a revenue); a place on
--- a piece is a combination of its points by weights, and where there are several pieces a yes or
--- no says which is used: the disaggregated convex combination model (Croxton, Gendron and Magnanti
--- 2003; Vielma, Ahmed and Nemhauser 2010). Errors CM4114.

local args = require "capmod.args"
local build = require "capmod.program.build"
local errors = require "capmod.errors"
local expression = require "capmod.program.expression"
local family = require "capmod.program.family"

local INF = math.huge

local FIELDS = {
  name = { "string", required = true, about = "what v calls the function's value" },
  over = { "string", "list", about = "the sets of its indices" },
  where = { "function", about = "for which combinations there is one" },
  of = { "function", required = true, about = "function(v, i) return v.build[i] end" },
  points = { "list", "function", required = true, about = "{ { 0, 0 }, { 10, 5 }, { 30, 9 } }" },
  as = { "string", about = "cost (at least the function), revenue (at most) or exact" },
  unit = { "string" }, about = { "string" },
}

local function refuse(label, message)
  errors.raise(4114, { message = ("program: piecewise %s: %s"):format(label, message),
    object = label, field = "points",
    fix = "points = { { 0, 0 }, { 10, 5 }, { 30, 9 } }: amounts that do not fall, two or more" })
end

local function check_points(label, points)
  if type(points) ~= "table" or #points < 2 then refuse(label, "two or more points are wanted") end
  for k, point in ipairs(points) do
    if type(point) ~= "table" or #point ~= 2 then
      refuse(label, ("point %d is no pair"):format(k))
    end
    for _, x in ipairs(point) do
      if type(x) ~= "number" or x ~= x or math.abs(x) == INF then
        refuse(label, ("point %d has %s, not a finite number"):format(k, tostring(x)))
      end
    end
    if k > 1 and point[1] < points[k - 1][1] then
      refuse(label, ("point %d has the amount %g after %g"):format(k, point[1], points[k - 1][1]))
    end
  end
  return points
end

--- Whether the piece stays of one curvature with this point. `as` says which is wanted: a rising
--- slope for a cost, a falling one for a revenue; none for an exact function.
local function bends_well(piece, point, as)
  local n = #piece
  if n < 2 then return true end
  if as == "exact" then return false end
  local a, b = piece[n - 1], piece[n]
  local before, after = (b[2] - a[2]) / (b[1] - a[1]), (point[2] - b[2]) / (point[1] - b[1])
  if as == "revenue" then before, after = after, before end
  return after >= before - 1e-12 * math.abs(before)
end

--- The points as pieces; where two have one amount the function jumps.
local function pieces_of(points, as)
  local pieces = { { points[1] } }
  for k = 2, #points do
    local piece, last = pieces[#pieces], points[k - 1]
    if points[k][1] == last[1] then
      pieces[#pieces + 1] = { points[k] }
    else
      if not bends_well(piece, points[k], as) then
        piece = { last }
        pieces[#pieces + 1] = piece
      end
      piece[#piece + 1] = points[k]
    end
  end
  return pieces
end

--- The rows and columns that tie `value` to the function at `amount`.
local function tie(p, name, elements, amount, value, pieces)
  local function part(kind, ...)
    return family.label(name .. "." .. kind, table.pack(...))
  end
  local function labelled(kind, k)
    local words = table.move(elements, 1, #elements, 1, {})
    words[#words + 1] = k
    return part(kind, table.unpack(words))
  end
  local at, worth, chosen, n = {}, {}, {}, 0
  for k, piece in ipairs(pieces) do
    local weights = {}
    for i, point in ipairs(piece) do
      n = n + 1
      weights[i] = expression.column(build.column(p, labelled("weight", n), 0, INF))
      at[n], worth[n] = point[1] * weights[i], point[2] * weights[i]
    end
    local total = 1
    if #pieces > 1 then
      chosen[k] = expression.column(build.column(p, labelled("piece", k), 0, 1, true))
      total = chosen[k]
    end
    build.row(p, labelled("weights", k), family.sum(weights) - total, 0, 0)
  end
  build.row(p, part("amount", table.unpack(elements)), family.sum(at) - amount, 0, 0)
  build.row(p, part("value", table.unpack(elements)), family.sum(worth) - value, 0, 0)
  if #pieces > 1 then
    build.row(p, part("one", table.unpack(elements)), family.sum(chosen), 1, 1)
  end
end

--- Adds one declaration { "investment", over =, of =, points =, as = } to the program.
return function(p, given)
  local t = build.declared(given, { "name" }, "piecewise")
  local what = ("piecewise '%s'"):format(tostring(t.name))
  args.check(what, t, FIELDS)
  local as = args.choice(t.as or "cost", "as", { "cost", "revenue", "exact" }, what)
  local record = { name = t.name, indices = family.indices(p.sets, t.over or {}, what), made = {},
    col = {}, unit = t.unit, about = t.about, count = 0 }
  family.walk(record.indices, {}, function(elements, offset)
    if t.where and not t.where(table.unpack(elements)) then return end
    local label = family.label(t.name, elements)
    local points = t.points
    if type(points) == "function" then points = points(table.unpack(elements)) end
    local j = build.column(p, label, -INF, INF)
    record.col[offset], record.made[offset] = j, expression.column(j)
    record.count = record.count + 1
    tie(p, t.name, elements, t.of(p.v, table.unpack(elements)), record.made[offset],
      pieces_of(check_points(label, points), as))
  end)
  build.add_family(p, record)
end
