---@meta capmod.core
--- The input-output tables of capmod.core. Groups are lists of numbers, one a place, 0 for none,
--- with the groups' labels beside them. `require "capmod.mrio"` puts names on all of this.

---@class capmod.Table
local Table = {}

--- A part: "Z", "Y", "P", ... (see core.table_parts), or nil where the table was not given it.
---@param letter string
---@return capmod.Matrix?
function Table:part(letter) end

--- A copy of a part with some cells set.
---@param letter string
---@param rows integer[]
---@param cols integer[]
---@param values number[]
---@return capmod.Matrix
function Table:edited(letter, rows, cols, values) end

--- Labels of an axis; nil where the table has one unnamed category.
---@param which "countries"|"sectors"|"categories"|"nodes"|"columns"
---@return string[]?
function Table:labels(which) end

--- Demand by group of rows and group of columns, as columns over the nodes; flow nil: output.
---@param flow? capmod.Matrix
---@param row_groups integer[]
---@param row_labels string[]
---@param col_groups integer[]
---@param col_labels string[]
---@return capmod.Matrix
function Table:demand(flow, row_groups, row_labels, col_groups, col_labels) end

--- What each group of nodes adds to each column of a demand; weights nil: value added.
---@param weights? capmod.Matrix
---@param demand capmod.Matrix
---@param groups integer[]
---@param labels string[]
---@return capmod.Matrix
function Table:origin(weights, demand, groups, labels) end

--- A primary input or satellite row per unit of output.
---@param letter "P"|"F"
---@param row integer
---@return capmod.Matrix
function Table:coefficients(letter, row) end

--- Balances, gaps and signs: numbers, and { value =, row =, col = } with labels for places.
---@return table
function Table:check() end

--- The table with other purchases, its output solved again.
---@param z? capmod.Matrix
---@param y? capmod.Matrix
---@return capmod.Table
function Table:with(z, y) end

--- The table after buyers move a share of what they buy from some nodes to others.
---@param from integer[]
---@param to integer[]
---@param buyers integer[]
---@param share number
---@return capmod.Table
function Table:shift(from, to, buyers, share) end

--- The table by groups of countries and of sectors.
---@param country_groups integer[]
---@param country_labels string[]
---@param sector_groups integer[]
---@param sector_labels string[]
---@return capmod.Table
function Table:aggregate(country_groups, country_labels, sector_groups, sector_labels) end

---@alias capmod.EngineMethod "bm_src"|"bm_snk"|"bm_src_terms"|"bm_snk_terms"|"wwz"|"kww"
---| "bm_world_src"|"bm_world_snk"|"tripartite"|"oecd"

--- Gross exports by the terms of a method: a row for each triple of groups (exporter, sector,
--- importer; the last running first), a column a term. Groups are lists of numbers (0: none) with
--- their labels behind; nil, nil: each by itself. `blocks` gathers countries into regions.
---@param method capmod.EngineMethod
---@param blocks? integer[]
---@param block_labels? string[]
---@param exporters? integer[]
---@param exporter_labels? string[]
---@param sectors? integer[]
---@param sector_labels? string[]
---@param importers? integer[]
---@param importer_labels? string[]
---@param perimeter? "country"|"sector"|"bilateral"|"sector-bilateral"
---@return capmod.Matrix
function Table:decompose(method, blocks, block_labels, exporters, exporter_labels, sectors,
                         sector_labels, importers, importer_labels, perimeter) end

--- The terms of wwz in which a third country takes part, by that country: a row for each (exporter,
--- sector, importer, third).
---@param blocks? integer[]
---@param block_labels? string[]
---@param exporters? integer[]
---@param exporter_labels? string[]
---@param sectors? integer[]
---@param sector_labels? string[]
---@param importers? integer[]
---@param importer_labels? string[]
---@param thirds? integer[]
---@param third_labels? string[]
---@return capmod.Matrix
function Table:decompose_third(blocks, block_labels, exporters, exporter_labels, sectors,
                               sector_labels, importers, importer_labels, thirds, third_labels) end

--- Value of origin (nodes) in the exports of exporters (nodes) to importers that end in the final
--- demand of destinations (countries): a row for each (exporter, importer, destination), a column
--- an origin. `once` leaves out what has left the exporter before; weights nil: value added.
---@param weights? capmod.Matrix
---@param once boolean
---@param origins integer[]
---@param origin_labels string[]
---@param exporters integer[]
---@param exporter_labels string[]
---@param importers integer[]
---@param importer_labels string[]
---@param destinations integer[]
---@param destination_labels string[]
---@return capmod.Matrix
function Table:corners(weights, once, origins, origin_labels, exporters, exporter_labels, importers,
                       importer_labels, destinations, destination_labels) end

--- Value added in imports, once, and what is counted twice: a row for each (importer, origin), the
--- columns VA and DC. Importers are groups of blocks, origins of nodes.
---@param blocks? integer[]
---@param block_labels? string[]
---@param importers? integer[]
---@param importer_labels? string[]
---@param origins? integer[]
---@param origin_labels? string[]
---@return capmod.Matrix
function Table:imports(blocks, block_labels, importers, importer_labels, origins, origin_labels) end

--- Measures of nodes (engine/include/capmod/position.h), a column each.
---@return capmod.Matrix
function Table:position() end

--- Value added in a unit of each node's exports: own, again, foreign, once, direct, indirect.
---@return capmod.Matrix
function Table:multipliers() end

--- Of a matrix nodes x countries, what the partner sells where it holds what is sold to it.
---@param m capmod.Matrix
---@return capmod.Matrix
function Table:mirrored(m) end

--- Output lost (n x 1) without some flows; lists of places of nodes, and of columns of Y.
---@param kind "demand"|"supply"
---@param cuts { from: integer[], to: integer[]?, final: integer[]? }[]
---@return capmod.Matrix
function Table:extract(kind, cuts) end

--- Weights times the output lost, by group (n x groups), each node extracted in turn.
---@param kind "complete"|"backward"|"forward"|"exports"
---@param weights? capmod.Matrix
---@param groups integer[]
---@param labels string[]
---@return capmod.Matrix
function Table:extract_each(kind, weights, groups, labels) end

--- What the factors of weights, L and final demand add to the change from this table to another:
--- groups x ("from", "to", an effect each).
---@param to capmod.Table
---@param method "polar"|"all"|"lmdi"
---@param weights? capmod.Matrix     nil: output
---@param to_weights? capmod.Matrix
---@param split_inputs boolean       technology and sourcing instead of L
---@param split_final boolean        level, mix and sourcing instead of Y
---@param groups integer[]
---@param labels string[]
---@return capmod.Matrix
function Table:sda(to, method, weights, to_weights, split_inputs, split_final, groups, labels) end

--- The chains of suppliers of a demand (n x 1) that are worth most, each a list of nodes.
---@param weights? capmod.Matrix  1 x n; nil: value added
---@param demand capmod.Matrix
---@param top integer
---@param above number
---@param steps? integer
---@return { [integer]: { [integer]: integer, value: number }, total: number, covered: number,
---  left: number, complete: boolean }
function Table:paths(weights, demand, top, above, steps) end

--- Writes an HDF5 file, with the LU factors where `factor`. CM5001, CM5203.
---@param path string
---@param facts string
---@param factor boolean
function Table:store(path, facts, factor) end

--- Writes delimited text, or a workbook with one sheet of that name. CM1301, CM5001, CM5203.
---@param path string
---@param head string[]  lines on top
---@param sheet? string
function Table:write(path, head, sheet) end

--- Writes a line for each number under the names of SDMX's concepts; `units` and `multipliers` are
--- of the rows of F. CM5001, CM5203.
---@param path string
---@param facts { period: string, comment: string, unit: string, multiplier: string }
---@param units string[]
---@param multipliers string[]
function Table:observe(path, facts, units, multipliers) end

local core = {}

--- A table from an HDF5 file, its facts, and whether the LU factors came along. CM5001, CM5002.
---@param path string
---@return capmod.Table t, string facts, boolean factored
function core.load_table(path) end

--- Writes rows of texts, numbers and false (blank) as a workbook of one sheet. CM1301, CM5203.
---@param path string
---@param sheet string
---@param rows (string|number|false)[][]
---@param cols integer
function core.write_sheet(path, sheet, rows, cols) end

---@class capmod.TableParts
---@field countries string[]
---@field sectors string[]
---@field categories? string[]
---@field Z capmod.Matrix
---@field Y capmod.Matrix
---@field P? capmod.Matrix    primary inputs
---@field PY? capmod.Matrix   primary inputs of final demand
---@field F? capmod.Matrix    satellites
---@field FY? capmod.Matrix   satellites of final demand
---@field output? capmod.Matrix  as published

---@param parts capmod.TableParts
---@return capmod.Table
function core.table(parts) end

--- The parts a table has, in the engine's order.
---@return { letter: string, about: string }[]
function core.table_parts() end

return core
