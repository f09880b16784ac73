/* capmod/capmod.h - the whole engine. */
#ifndef CAPMOD_H
#define CAPMOD_H

#include "capmod/archive.h"
#include "capmod/balance.h"
#include "capmod/base.h"
#include "capmod/chain.h"
#include "capmod/corners.h"
#include "capmod/decompose.h"
#include "capmod/econ.h"
#include "capmod/game.h"
#include "capmod/linalg.h"
#include "capmod/locate.h"
#include "capmod/matrix.h"
#include "capmod/paths.h"
#include "capmod/position.h"
#include "capmod/program.h"
#include "capmod/sda.h"
#include "capmod/sparse.h"
#include "capmod/store.h"
#include "capmod/table.h"
#include "capmod/text.h"
#include "capmod/whatif.h"

#endif
