// The one door through which SQLite enters. Its macro for bound values that it must copy is a cast, which Swift
// cannot expand.
#ifndef THUNDERLINE_CSQLITE_H
#define THUNDERLINE_CSQLITE_H

#include <sqlite3.h>
#include <sys/vfs.h>

static inline int tl_bind_text(sqlite3_stmt *statement, int index, const char *text, int length) {
    return sqlite3_bind_text(statement, index, text, length, SQLITE_TRANSIENT);
}

static inline int tl_bind_blob(sqlite3_stmt *statement, int index, const void *bytes, int length) {
    return sqlite3_bind_blob(statement, index, bytes, length, SQLITE_TRANSIENT);
}

// Number of the file system of a path by statfs(2), which Swift's Glibc does not import; 0 when unknown.
static inline long tl_file_system(const char *path) {
    struct statfs facts;
    return statfs(path, &facts) == 0 ? (long)facts.f_type : 0;
}

#endif
