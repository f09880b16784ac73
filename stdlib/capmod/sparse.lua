--- Sparse matrices: networks of many firms, each of which trades with few.
---
---     local s = cm.sparse{ rows = firms, cols = firms, i = sellers, j = buyers, value = shares }
---     local x, report = s:identity_minus():solve{ b = demand }
---
--- `i`, `j` and `value` are lists of one length; the values of one place are added up. Methods:
--- `rows cols nnz get labels dense T mul scale identity_minus sum lu solve`. A system is solved
--- directly where its factors stay small, else by iteration; the report says which, in how many
--- steps, and how far the solution is from solving it.
---
--- Errors CM1302-1304 (shapes, places, numbers), CM40xx (systems), CM6002 (memory).

local core = require "capmod.core"
local args = require "capmod.args"
local errors = require "capmod.errors"
local text = require "capmod.text"

local sparse, methods = {}, core.Sparse

local FIELDS = {
  rows = { "list", "integer", required = true, about = "labels of the rows, or how many" },
  cols = { "list", "integer", required = true, about = "labels of the columns, or how many" },
  i = { "list", required = true, about = "the row of each value" },
  j = { "list", required = true, about = "the column of each value" },
  value = { "list", required = true, about = "the values" },
}

local SYSTEM = {
  b = { "Matrix", required = true, about = "the right-hand sides" },
  method = { "string" },
  precond = { "string" },
  tol = { "number", about = "the residual to reach, 1e-12 by default" },
  max = { "integer", about = "the most iterations for one column of b, 1000 by default" },
  restart = { "integer", about = "after how many iterations gmres begins anew, 50 by default" },
}
local METHODS = { "auto", "direct", "bicgstab", "gmres" }
local PRECONDITIONERS = { "auto", "ilu0", "jacobi", "none" }

--- Makes a sparse matrix from its values and their places.
---@param t capmod.Triplets
---@return capmod.Sparse
local function new(t)
  args.check("sparse", t, FIELDS)
  if #t.i ~= #t.value or #t.j ~= #t.value then
    errors.raise(1302, {
      message = ("sparse: %d rows and %d columns for %d values"):format(#t.i, #t.j, #t.value),
      object = "sparse", fix = "give a row and a column for each value",
    })
  end
  return core.sparse(t)
end

local solve = methods.solve

--- X with A X = b, and a report { method, precond, iterations, residual } of how it was found.
--- The residual is the greatest ||b - A x|| / ||b|| over the columns. CM4001 singular, CM4003 where
--- iteration does not reach `tol`.
---@param t capmod.SparseSystem
---@return capmod.Matrix x, capmod.SparseReport report
function methods:solve(t)
  args.check("solve", t, SYSTEM)
  args.choice(t.method or "auto", "method", METHODS, "solve")
  args.choice(t.precond or "auto", "precond", PRECONDITIONERS, "solve")
  return solve(self, t)
end

--- "sparse matrix of 3 × 3, 5 places held".
getmetatable(core.sparse{ rows = 0, cols = 0, i = {}, j = {}, value = {} }).__tostring = function(s)
  local shape = ("sparse matrix of %d × %d, %d places held"):format(s:rows(), s:cols(), s:nnz())
  return text.plain(shape)
end

return setmetatable(sparse, {
  __name = "capmod.sparse",
  __call = function(_, t) return new(t) end,
})
