@testable import EventStore

extension StoreFolder {
    /// Database with a number of objects, one a second, made by SQL alone.
    func filled(objects count: Int) throws -> Database {
        StoreLock.release(try lock())
        let database = try openForWriting().database
        try database.query(
            """
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < ?)
            INSERT INTO object(camera, track, class, begin, end, score, box, width, height, dwell)
            SELECT 'camera-' || (i % 16), i,
                CASE i % 10 WHEN 0 THEN 'person' WHEN 1 THEN 'truck' ELSE 'car' END,
                i * 1000, i * 1000 + 900, (i * 7919 % 100) / 100.0, '[0,0,9,9]', 640, 360, i % 31
            FROM n
            """, [.integer(count)])
        try database.execute(
            """
            INSERT INTO place(name, begin, object, direction)
            SELECT 'line-' || (id % 8), begin, id, CASE id % 3 WHEN 0 THEN 'in' ELSE 'out' END
            FROM object WHERE id % 4 = 0
            """)
        return database
    }
}
