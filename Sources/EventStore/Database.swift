internal import CSQLite

/// Value of a column or a bound parameter.
enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int)
    case real(Double)
    case text(String)
    case blob([UInt8])

    /// Integer of a truth value, or null.
    init(_ value: Int?) { self = value.map { .integer($0) } ?? .null }
    init(_ value: String?) { self = value.map { .text($0) } ?? .null }
    init(_ value: Double?) { self = value.map { .real($0) } ?? .null }
}

/// Connection to one SQLite database, with its prepared statements.
///
/// Values reach SQL as bound parameters only. One thread at a time uses a connection.
///
/// SAFETY of `@unchecked Sendable`: the pointers are used inside the lock of ``StoreReader``, or by the single thread
/// that owns a writer; SQLite itself keeps no state of a thread.
@safe
final class Database: @unchecked Sendable {
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]
    private let path: String

    /// Opens a database; creates it unless it is only read.
    ///
    /// - Throws: A ``StoreError``.
    init(_ path: String, readOnly: Bool = false) throws(StoreError) {
        self.path = path
        var handle: OpaquePointer?
        let flags =
            (readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
            | SQLITE_OPEN_NOMUTEX
        let code = unsafe sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let opened = unsafe handle else {
            let text = unsafe String(cString: sqlite3_errstr(code))
            unsafe sqlite3_close_v2(handle)
            throw StoreError(code: code, "Opening the event store \(path)", text)
        }
        unsafe self.handle = opened
        unsafe sqlite3_busy_timeout(opened, 2000)
    }

    deinit {
        statements = [:]
        unsafe sqlite3_close_v2(handle)
    }

    /// Rows that the last statement changed.
    var changes: Int { unsafe Int(sqlite3_changes(handle)) }
    /// Key of the row that was inserted last.
    var lastKey: Int { unsafe Int(sqlite3_last_insert_rowid(handle)) }

    /// Runs a statement and calls `body` for each row until it returns false.
    ///
    /// - Throws: A ``StoreError``.
    func query(
        _ sql: String, _ values: [SQLValue] = [], _ body: (Row) -> Bool = { _ in true }
    ) throws(StoreError) {
        let statement = try statement(sql)
        defer { statement.reset() }
        statement.bind(values)
        while true {
            let code = statement.step()
            guard code == SQLITE_ROW else {
                guard code == SQLITE_DONE else { throw error(code) }
                return
            }
            guard body(Row(statement: statement)) else { return }
        }
    }

    /// Runs one statement without parameters, or several.
    ///
    /// - Throws: A ``StoreError``.
    func execute(_ sql: String) throws(StoreError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// First column of the first row as an integer; 0 without a row.
    ///
    /// - Throws: A ``StoreError``.
    func integer(_ sql: String, _ values: [SQLValue] = []) throws(StoreError) -> Int {
        try optionalInteger(sql, values) ?? 0
    }

    /// First column of the first row as an integer; nil without a row or for null.
    ///
    /// - Throws: A ``StoreError``.
    func optionalInteger(_ sql: String, _ values: [SQLValue] = []) throws(StoreError) -> Int? {
        var result: Int?
        try query(sql, values) {
            result = $0.optionalInteger(0)
            return false
        }
        return result
    }

    /// Runs `body` in a transaction, which an error undoes.
    ///
    /// - Throws: A ``StoreError``.
    func transaction(_ body: () throws(StoreError) -> Void) throws(StoreError) {
        try execute("BEGIN IMMEDIATE")
        do throws(StoreError) {
            try body()
            try execute("COMMIT")
        } catch {
            // SQLite itself has rolled back after some errors.
            try? execute("ROLLBACK")
            throw error
        }
    }

    private func statement(_ sql: String) throws(StoreError) -> Statement {
        if let known = statements[sql] { return known }
        var pointer: OpaquePointer?
        let code = unsafe sqlite3_prepare_v2(handle, sql, -1, &pointer, nil)
        guard code == SQLITE_OK, let prepared = unsafe pointer else { throw error(code) }
        // Statements differ by their filters: a bound keeps an adventurous client from filling memory.
        if statements.count >= 64 { statements = [:] }
        let statement = unsafe Statement(prepared)
        statements[sql] = statement
        return statement
    }

    private func error(_ code: Int32) -> StoreError {
        let text = unsafe String(cString: sqlite3_errmsg(handle))
        return StoreError(code: code, "The event store \(path)", text)
    }
}

/// Prepared statement.
@safe
final class Statement {
    fileprivate let pointer: OpaquePointer

    fileprivate init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

    deinit { unsafe sqlite3_finalize(pointer) }

    fileprivate func bind(_ values: [SQLValue]) {
        for (offset, value) in values.enumerated() {
            let index = Int32(offset + 1)
            switch value {
            case .null: unsafe sqlite3_bind_null(pointer, index)
            case .integer(let number): unsafe sqlite3_bind_int64(pointer, index, Int64(number))
            case .real(let number): unsafe sqlite3_bind_double(pointer, index, number)
            case .text(let text):
                unsafe tl_bind_text(pointer, index, text, Int32(text.utf8.count))
            case .blob(let bytes):
                unsafe bytes.withUnsafeBytes {
                    _ = unsafe tl_bind_blob(pointer, index, $0.baseAddress, Int32($0.count))
                }
            }
        }
    }

    fileprivate func step() -> Int32 { unsafe sqlite3_step(pointer) }

    fileprivate func reset() {
        unsafe sqlite3_reset(pointer)
        unsafe sqlite3_clear_bindings(pointer)
    }
}

/// Present row of a statement; valid until the next one.
struct Row {
    fileprivate let statement: Statement

    func integer(_ column: Int32) -> Int {
        unsafe Int(sqlite3_column_int64(statement.pointer, column))
    }

    func optionalInteger(_ column: Int32) -> Int? { isNull(column) ? nil : integer(column) }

    func real(_ column: Int32) -> Double {
        unsafe sqlite3_column_double(statement.pointer, column)
    }

    func text(_ column: Int32) -> String {
        unsafe sqlite3_column_text(statement.pointer, column).map { unsafe String(cString: $0) }
            ?? ""
    }

    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    func blob(_ column: Int32) -> [UInt8] {
        guard let bytes = unsafe sqlite3_column_blob(statement.pointer, column) else { return [] }
        let count = unsafe Int(sqlite3_column_bytes(statement.pointer, column))
        return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: count))
    }

    private func isNull(_ column: Int32) -> Bool {
        unsafe sqlite3_column_type(statement.pointer, column) == SQLITE_NULL
    }
}
