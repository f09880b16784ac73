---@meta capmod.core
--- The sparse matrices of capmod.core: immutable, compressed by columns, labelled like others.

---@class capmod.Sparse
local Sparse = {}

--- How many rows there are.
---@return integer
function Sparse:rows() end

--- How many columns there are.
---@return integer
function Sparse:cols() end

--- How many places are held.
---@return integer
function Sparse:nnz() end

--- One element, 0 where no place is held. CM1303.
---@param i integer
---@param j integer
---@return number
function Sparse:get(i, j) end

--- The labels of a side, or nil where it has none.
---@param side capmod.Side
---@return string[]?
function Sparse:labels(side) end

--- The same numbers as a dense matrix.
---@return capmod.Matrix
function Sparse:dense() end

--- The transpose, a copy.
---@return capmod.Sparse
function Sparse:T() end

--- The product with a dense matrix, or that of the transpose. CM1302, CM1203.
---@param b capmod.Matrix
---@param transposed? boolean
---@return capmod.Matrix
function Sparse:mul(b, transposed) end

--- Each row, or column, times its element of a vector.
---@param side capmod.Side
---@param vector capmod.Matrix
---@return capmod.Sparse
function Sparse:scale(side, vector) end

--- I - A, every place of the diagonal held.
---@return capmod.Sparse
function Sparse:identity_minus() end

--- A sum for each row, or each column.
---@param t { by: capmod.Side }
---@return capmod.Matrix
function Sparse:sum(t) end

--- Factors that are kept, by SuperLU. CM4001 with the column, CM4002 with the condition, CM6002
--- where the factors may not fit.
---@return capmod.SparseLU
function Sparse:lu() end

---@class capmod.SparseSystem
---@field b capmod.Matrix    the right-hand sides
---@field method? "auto"|"direct"|"bicgstab"|"gmres"   auto: direct where its bounds allow
---@field precond? "auto"|"ilu0"|"jacobi"|"none"
---@field tol? number        on the residual, 1e-12 by default
---@field max? integer       iterations for one column of b, 1000 by default
---@field restart? integer   of gmres, 50 by default

---@class capmod.SparseReport
---@field method "direct"|"bicgstab"|"gmres"
---@field precond "ilu0"|"jacobi"|"none"
---@field iterations integer  most over the columns of b
---@field residual number     greatest ||b - A x|| / ||b|| over the columns, computed anew

---@class capmod.SparseLU
local SparseLU = {}

--- X with A X = b, or A' X = b.
---@param b capmod.Matrix
---@param transposed? boolean
---@return capmod.Matrix
function SparseLU:solve(b, transposed) end

--- The order of the matrix.
---@return integer
function SparseLU:order() end

--- How many elements both factors hold.
---@return integer
function SparseLU:nnz() end

--- The reciprocal condition number, estimated in the 1-norm.
---@return number
function SparseLU:rcond() end

---@class capmod.Matrix
local Matrix = {}

--- Its elements whose size is above `drop`, 0 by default, as a sparse matrix.
---@param drop? number
---@return capmod.Sparse
function Matrix:sparse(drop) end

local core = {}

---@class capmod.Triplets
---@field rows integer|string[]   a size, or the labels
---@field cols integer|string[]
---@field i integer[]
---@field j integer[]
---@field value number[]

--- From triplets; the values of one place are added up. CM1303, CM1304.
---@param t capmod.Triplets
---@return capmod.Sparse
function core.sparse(t) end

return core
