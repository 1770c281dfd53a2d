// The one door through which SQLite enters. Its macro for bound values that it must copy is a cast, which Swift
// cannot expand.
#ifndef THUNDERLINE_CSQLITE_H
#define THUNDERLINE_CSQLITE_H

#include <sqlite3.h>

static inline int tl_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
    return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}

static inline int tl_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length) {
    return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
}

#endif
