// The one door through which FreeType enters. Its headers hide behind macros, which Swift cannot expand.
#ifndef THUNDERLINE_CFREETYPE_H
#define THUNDERLINE_CFREETYPE_H

#include <ft2build.h>
#include FT_FREETYPE_H

#endif
