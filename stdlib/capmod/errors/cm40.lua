--- CM40xx: solvers of linear systems.

return {
  [4001] = {
    title = "the matrix is singular",
    text = [[
One column is a combination of the others, exactly, so that no or many answers
exist; the message names the column where elimination ends. In an input-output
table it is often a sector that buys exactly what it makes from itself.]],
    example = [[
local cm = require "capmod"
print(cm.matrix{ data = { { 1, 2 }, { 2, 4 } } }:inv())]],
  },
  [4002] = {
    title = "the matrix is close to singular",
    text = [[
The reciprocal condition number (rcond, LAPACK's estimate in the 1-norm) is below
1e-14: the answer would have no digit that can be trusted. m:rcond() gives the
figure. Columns in units far apart, empty rows and near copies are the usual causes.
For an update of factors that are kept: factor the changed matrix afresh.]],
    example = [[
local cm = require "capmod"
print(cm.matrix{ data = { { 1, 1 }, { 1, 1 + 1e-15 } } }:inv())]],
  },
  [4003] = {
    title = "no convergence",
    text = [[
An iteration ended before its answer was as exact as asked. The message gives how
near it came; allow more steps or a looser tolerance.]],
    provoked = "tests/engine/test_krylov.c",
  },
  [4004] = {
    title = "the matrix is not positive definite",
    text = [[
Cholesky factors exist for symmetric matrices whose eigenvalues are all above 0.
The message names the leading part that is not. m:eigsym() gives the eigenvalues,
m:lu() factors any matrix.]],
    example = [[
local cm = require "capmod"
print(cm.matrix{ data = { { 1, 2 }, { 2, 1 } } }:cholesky())]],
  },
}
