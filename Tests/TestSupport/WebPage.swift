public import Foundation
internal import FoundationNetworking
internal import Synchronization

/// HTTP client for tests.
public enum WebPage {
    /// Requests an address and waits at most ten seconds for the whole response; status 0 means
    /// that none came.
    public static func get(_ address: String) -> (status: Int, body: Data) {
        guard let url = URL(string: address) else { return (0, Data()) }
        let answer = Mutex((status: 0, body: Data()))
        let isThere = DispatchSemaphore(value: 0)
        var request = URLRequest(url: url)
        request.timeoutInterval = 10
        let task = URLSession.shared.dataTask(with: request) { body, response, _ in
            let status = (response as? HTTPURLResponse)?.statusCode ?? 0
            answer.withLock { $0 = (status, body ?? Data()) }
            isThere.signal()
        }
        task.resume()
        isThere.wait()
        return answer.withLock { $0 }
    }
}
