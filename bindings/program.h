/* What the program's own files share; bindings of the engine do not need it. */
#ifndef LCM_PROGRAM_H
#define LCM_PROGRAM_H

#include "lcm.h"

/* ---- what ends a computation (lcm_stop.c) -------------------------------- */

/* A state whose allocator counts, so that one budget holds for Lua and the engine. */
lua_State *program_new_state(void);
/* Handlers of Ctrl-C and the clock; `L` is the state they stop. */
void program_catch_signals(lua_State *L);
/* Adds protect, limit and interactive to the table on top, and coroutines that can be stopped. */
void program_open_stop(lua_State *L);

/* ---- line editing (lcm_edit.c) ------------------------------------------- */

/* Adds edit_open, edit_line, edit_remember and edit_close to the table on top. */
void program_open_edit(lua_State *L);
/* How often Ctrl-C was pressed since the last call. */
int program_interrupts(void);

/* ---- child processes (lcm_children.c) ------------------------------------ */

/* Adds pool, journal and cores to the table on top. */
void program_open_children(lua_State *L);

#endif
