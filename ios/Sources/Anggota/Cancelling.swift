// Swift's cancellation for a sync: the generated code alone would let it go on to its end.

import Foundation

extension Client {
    /// As ``sync()``, and when its task is cancelled the sync ends, with ``AnggotaError/Cancelled(code:advice:rule:)``. What was
    /// received whole by then is kept, and the next sync goes on from there.
    public func syncWhileWanted() async throws -> SyncReport {
        let ended = Flag()
        defer { ended.raise() }
        return try await withTaskCancellationHandler {
            try await sync()
        } onCancel: {
            // A cancellation may come a moment before the sync has begun, so it is said until it was heard.
            Task {
                while !ended.isRaised {
                    try cancelSync()
                    try await Task.sleep(nanoseconds: 10_000_000)
                }
            }
        }
    }
}

private final class Flag: @unchecked Sendable {
    private let lock = NSLock()
    private var raised = false

    var isRaised: Bool { lock.withLock { raised } }

    func raise() {
        lock.withLock { raised = true }
    }
}
