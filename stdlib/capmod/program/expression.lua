--- Linear expressions: what the variables of a program make when they are added, subtracted, and
--- multiplied by numbers. An expression never changes. Errors CM4112.

local args = require "capmod.args"
local errors = require "capmod.errors"

---@class cm.Expression
local Expression = { __name = "cm.Expression" }

-- Each: constant, and the terms as two lists (column, coefficient), in which a column may recur.
local inside = setmetatable({}, { __mode = "k" })

local expression = {}

local function make(constant, cols, coefs)
  local e = setmetatable({}, Expression)
  inside[e] = { constant = constant, cols = cols, coefs = coefs }
  return e
end

--- Whether a value is an expression.
---@param value any
---@return boolean
function expression.is(value) return getmetatable(value) == Expression end

--- The expression that is one column of the program.
---@param col integer
---@return cm.Expression
function expression.column(col) return make(0, { col }, { 1 }) end

local function refuse(message, fix)
  errors.raise(4112, { message = "program: " .. message, object = "program", fix = fix })
end

local function terms_of(value, verb)
  if type(value) == "number" then return { constant = value, cols = {}, coefs = {} } end
  if inside[value] then return inside[value] end
  local name = args.kind(value)
  if name == "Family" then
    refuse(("%s meets a variable without its indices"):format(verb),
      "write v.ship[i][j] for one of them, sum(v.ship) for all together")
  end
  refuse(("%s meets a %s"):format(verb, name), name == "nil"
    and "a figure is missing: look at the names in this line"
    or "expressions are made of numbers and variables")
end

--- Constant, columns and coefficients of an expression or number; CM4112 for anything else.
---@param value number|cm.Expression
---@param verb string  for the message: "a sum"
---@return number constant, integer[] cols, number[] coefs
function expression.terms(value, verb)
  local t = terms_of(value, verb)
  return t.constant, t.cols, t.coefs
end

-- ---- arithmetic ---------------------------------------------------------------------------------

local function append(into, value, factor, verb)
  local t = terms_of(value, verb)
  if t.constant ~= 0 then into.constant = into.constant + factor * t.constant end
  local n = #into.cols
  for k, col in ipairs(t.cols) do
    into.cols[n + k], into.coefs[n + k] = col, factor * t.coefs[k]
  end
end

local function combine(a, b, factor, verb)
  local into = { constant = 0, cols = {}, coefs = {} }
  append(into, a, 1, verb)
  append(into, b, factor, verb)
  return make(into.constant, into.cols, into.coefs)
end

local function scaled(e, factor, verb)
  local into = { constant = 0, cols = {}, coefs = {} }
  append(into, e, factor, verb)
  return make(into.constant, into.cols, into.coefs)
end

function Expression.__add(a, b) return combine(a, b, 1, "a sum") end
function Expression.__sub(a, b) return combine(a, b, -1, "a difference") end
function Expression.__unm(a) return scaled(a, -1, "a minus") end

function Expression.__mul(a, b)
  if type(a) == "number" then return scaled(b, a, "a product") end
  if type(b) == "number" then return scaled(a, b, "a product") end
  terms_of(a, "a product")
  terms_of(b, "a product")
  refuse("a product of two variables is not linear",
    "multiply by numbers; a yes-or-no times an amount is amount <= most * yes")
end

function Expression.__div(a, b)
  if type(b) == "number" and b ~= 0 then return scaled(a, 1 / b, "a quotient") end
  refuse(b == 0 and "an expression is divided by 0" or "a division by a variable is not linear",
    "multiply the whole constraint by it first")
end

local function refuse_order()
  refuse("<, <= and == give true or false at once in Lua and make no constraint",
    'write return left, "<=", right')
end
Expression.__lt, Expression.__le, Expression.__eq = refuse_order, refuse_order, refuse_order

function Expression.__index(_, key)
  refuse(("a variable with all its indices has no '%s'"):format(tostring(key)),
    "give as many indices as the variable has sets")
end

function Expression.__tostring(e)
  local t = inside[e]
  return ("linear expression of %d terms, constant %g"):format(#t.cols, t.constant)
end

-- ---- sums ---------------------------------------------------------------------------------------

--- Adds up lists of parts, without a copy for each.
---@param parts fun(add: fun(value: number|cm.Expression, factor: number?))
---@return number|cm.Expression
function expression.gather(parts)
  local into = { constant = 0, cols = {}, coefs = {} }
  parts(function(value, factor) append(into, value, factor or 1, "a sum") end)
  if #into.cols == 0 then return into.constant end
  return make(into.constant, into.cols, into.coefs)
end

return expression
