---@meta capmod.core
--- The matrices of capmod.core, for editors and for the reference. Sides are "row" and "col",
--- places begin at 1, ranges hold both ends. Nothing changes its arguments.

---@alias capmod.Side "row"|"col"

---@class capmod.Matrix
---@operator add(capmod.Matrix|number): capmod.Matrix
---@operator sub(capmod.Matrix|number): capmod.Matrix
---@operator mul(capmod.Matrix|number): capmod.Matrix
---@operator div(capmod.Matrix|number): capmod.Matrix
---@operator pow(capmod.Matrix|number): capmod.Matrix
---@operator unm: capmod.Matrix
---@overload fun(t: { from: string|string[]|nil, to: string|string[]|nil }): number|capmod.Matrix
local Matrix = {}

--- How many rows there are.
---@return integer
function Matrix:rows() end

--- How many columns there are.
---@return integer
function Matrix:cols() end

--- One element, by index or by label. CM1201 unknown label, CM1303.
---@param i integer|string
---@param j integer|string
---@return number
function Matrix:get(i, j) end

--- The labels of a side, or nil where it has none.
---@param side capmod.Side
---@return string[]?
function Matrix:labels(side) end

--- The label of one row or column, or nil where the side has none. CM1303.
---@param side capmod.Side
---@param i integer
---@return string?
function Matrix:name(side, i) end

--- The place of a label, or nil.
---@param side capmod.Side
---@param label string
---@return integer?
function Matrix:find(side, label) end

--- All numbers, as a list of rows.
---@return number[][]
function Matrix:list() end

---@param i integer
---@return number[]
function Matrix:row_list(i) end

---@param j integer
---@return number[]
function Matrix:column_list(j) end

--- The transpose: a view.
---@return capmod.Matrix
function Matrix:T() end

--- Rows i1 to i2 and columns j1 to j2: a view. CM1303.
---@param i1 integer
---@param i2 integer
---@param j1 integer
---@param j2 integer
---@return capmod.Matrix
function Matrix:block(i1, i2, j1, j2) end

--- One row: a view.
---@param i integer
---@return capmod.Matrix
function Matrix:row(i) end

--- One column: a view.
---@param j integer
---@return capmod.Matrix
function Matrix:col(j) end

--- The same numbers in storage of their own, so that a large parent can go.
---@return capmod.Matrix
function Matrix:copy() end

--- The rows or columns at these places, in this order; a place may stand twice.
---@param side capmod.Side
---@param places integer[]
---@return capmod.Matrix
function Matrix:take(side, places) end

--- `other` under ("row") or beside ("col") this one; the sides that meet align by label.
---@param other capmod.Matrix
---@param side capmod.Side
---@return capmod.Matrix
function Matrix:join(other, side) end

--- Of a row or a column, the matrix that has it on its diagonal; of any other, its diagonal.
---@return capmod.Matrix
function Matrix:diag() end

--- Sums over groups: row (or column) i goes to group places[i], 0 leaves it out.
---@param side capmod.Side
---@param places integer[]
---@param labels string[]  one for each group
---@return capmod.Matrix
function Matrix:group(side, places, labels) end

--- 1 where the element is at least that of the other, or the number; 0 elsewhere, also for a nan.
---@param other capmod.Matrix|number
---@return capmod.Matrix
function Matrix:at_least(other) end

--- Sizes without signs.
---@return capmod.Matrix
function Matrix:abs() end

---@return capmod.Matrix
function Matrix:exp() end

---@return capmod.Matrix
function Matrix:log() end

---@return capmod.Matrix
function Matrix:sqrt() end

--- 1 / x, and 0 where x is 0.
---@return capmod.Matrix
function Matrix:recip() end

--- The sum of all, or with `by = "row"` one for each row.
---@param t? { by: capmod.Side }
---@return number|capmod.Matrix
function Matrix:sum(t) end

--- The least element, its row and its column; with `by` one for each row or column; with a matrix
--- or a number, the smaller of both, element by element.
---@param t? { by: capmod.Side }|capmod.Matrix|number
---@return number|capmod.Matrix least, integer? row, integer? col
function Matrix:min(t) end

--- The greatest element, its row and its column; as `min`.
---@param t? { by: capmod.Side }|capmod.Matrix|number
---@return number|capmod.Matrix greatest, integer? row, integer? col
function Matrix:max(t) end

--- Itself, or CM1304 with the first place that is not a finite number.
---@param what? string  what the message calls it
---@return capmod.Matrix
function Matrix:check_finite(what) end

--- The norm: 1 (largest column sum), "inf" (largest row sum), "fro" (root of the sum of squares),
--- 2 (largest singular value, the default).
---@param kind? 1|2|"inf"|"fro"
---@return number
function Matrix:norm(kind) end

--- The product of linear algebra; the inner sides align by label. CM1302, CM1203, CM1304.
---@param b capmod.Matrix
---@return capmod.Matrix
function Matrix:mul(b) end

--- X with self X = b. CM4001, CM4002.
---@param b capmod.Matrix
---@return capmod.Matrix
function Matrix:solve(b) end

--- The inverse. CM4001, CM4002.
---@return capmod.Matrix
function Matrix:inv() end

--- Factors that are kept and solved with again. CM4001, CM4002.
---@return capmod.LU
function Matrix:lu() end

--- L with L L' = self, of a symmetric matrix whose lower triangle is read. CM4004.
---@return capmod.Matrix
function Matrix:cholesky() end

--- The least squares solution of smallest norm, and the rank.
---@param b capmod.Matrix
---@return capmod.Matrix x, integer rank
function Matrix:lstsq(b) end

--- Eigenvalues (n x 2: real and imaginary part, by decreasing size) and right eigenvectors; a
--- complex pair takes two columns, real and imaginary part (LAPACK dgeev).
---@return capmod.Matrix values, capmod.Matrix vectors
function Matrix:eig() end

--- Eigenvalues (decreasing) and orthonormal eigenvectors of a symmetric matrix.
---@return capmod.Matrix values, capmod.Matrix vectors
function Matrix:eigsym() end

--- u, s, vt with self = u diag(s) vt, s decreasing.
---@return capmod.Matrix u, capmod.Matrix s, capmod.Matrix vt
function Matrix:svd() end

--- q, r with self = q r: q has orthonormal columns, r is upper triangular with nothing negative on
--- its diagonal. CM1302 where there are fewer rows than columns.
---@return capmod.Matrix q, capmod.Matrix r
function Matrix:qr() end

--- The reciprocal condition number, estimated in the 1-norm; 0 for a singular matrix.
---@return number
function Matrix:rcond() end

--- The determinant.
---@return number
function Matrix:det() end

---@class capmod.LU
local LU = {}

--- X with A X = b, or A' X = b.
---@param b capmod.Matrix
---@param transposed? boolean
---@return capmod.Matrix
function LU:solve(b, transposed) end

---@return capmod.Matrix
function LU:inverse() end

--- Factors of A + u v' for u, v of few columns, without factoring again. CM4002 where that would
--- lose the digits.
---@param u capmod.Matrix
---@param v capmod.Matrix
---@return capmod.LU
function LU:update(u, v) end

--- The order of the matrix.
---@return integer
function LU:order() end

--- The reciprocal condition number, estimated in the 1-norm.
---@return number
function LU:rcond() end

--- The determinant, its sign, and the logarithm of its size, which does not overflow.
---@return number det, number sign, number log_abs
function LU:det() end

local core = {}

---@param rows integer
---@param cols integer
---@param fill? number
---@return capmod.Matrix
function core.matrix(rows, cols, fill) end

--- From a list of rows, or from a flat list, row by row, and its shape.
---@param list number[][]|number[]
---@param rows? integer
---@param cols? integer
---@return capmod.Matrix
function core.matrix_from(list, rows, cols) end

---@param n integer
---@return capmod.Matrix
function core.identity(n) end

--- A matrix brought to row and column totals by RAS or, with negative elements, GRAS.
---@param m capmod.Matrix
---@param rows capmod.Matrix
---@param cols capmod.Matrix
---@param tolerance? number
---@param steps? integer
---@return capmod.Matrix
---@return { converged: boolean, steps: integer, gap: number, side: string, at: integer }
function core.balance(m, rows, cols, tolerance, steps) end

return core
