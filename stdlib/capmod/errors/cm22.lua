--- CM22xx: games and bargains.

return {
  [2201] = {
    title = "the members are worth more alone than together",
    text = [[
The nucleolus shares the worth of all so that nobody gets less than alone. Where the
worths of the members alone add up to more than the worth of all, there is no such
division. The prenucleolus drops that condition.]],
    example = [[
require("capmod.core").game(2, { 3, 4, 5 }):nucleolus()]],
  },
  [2202] = {
    title = "nothing on the table leaves everyone better off",
    text = [[
A bargain is struck where each side gains over what it has without agreement. Here no
setting of the instruments within their limits does that for all of them at once.]],
    example = [[
require("capmod.core").nash(5, { 3, 4 }, { 1, 1 })]],
  },
}
