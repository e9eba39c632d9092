// Change notices, and listeners that misbehave.

import Anggota
import Foundation
import TestKit
import Testing

/// Counts its notices; what it does with each is the test's.
private final class Listener: ChangeListener, @unchecked Sendable {
    private let lock = NSLock()
    private var topics: [Topic] = []
    private let act: @Sendable (Topic) throws -> Void

    init(_ act: @escaping @Sendable (Topic) throws -> Void = { _ in }) {
        self.act = act
    }

    var heard: [Topic] { lock.withLock { topics } }

    func changed(topic: Topic) throws {
        lock.withLock { topics.append(topic) }
        try act(topic)
    }
}

extension AnggotaTests {
    @Test func listenerThatThrows() async throws {
        let phone = try Phone()
        let client = try await phone.enrol(try await stand.papers(fresh: true))
        let (angry, calm) = (Listener { _ in throw ListenerError.Failed(reason: "no") }, Listener())
        let subscriptions = [try client.subscribe(listener: angry), try client.subscribe(listener: calm)]
        _ = try await client.sync()
        // It is asked again, it disturbs nobody, and nothing else ends.
        #expect(try await eventually { calm.heard.contains(.balances) && angry.heard == calm.heard })
        #expect(try client.balances().asOf != nil)
        for subscription in subscriptions {
            try subscription.cancel()
        }
    }

    @Test func listenerThatIsSlow() async throws {
        let phone = try Phone()
        let client = try await phone.enrol(try await stand.papers(fresh: true))
        let gate = DispatchSemaphore(value: 0)
        let (slow, quick) = (Listener { _ in gate.wait() }, Listener())
        let subscriptions = [try client.subscribe(listener: slow), try client.subscribe(listener: quick)]
        // Neither a sync nor another listener waits for it.
        _ = try await client.sync()
        #expect(try await eventually { quick.heard.contains(.balances) })
        #expect(slow.heard.count <= 1)
        (0..<1_000).forEach { _ in gate.signal() }
        #expect(try await eventually { slow.heard.last == quick.heard.last && slow.heard.contains(.balances) })
        for subscription in subscriptions {
            try subscription.cancel()
        }
    }

    @Test func listenerThatIsCancelled() async throws {
        let phone = try Phone()
        let client = try await phone.enrol(try await stand.papers(fresh: true))
        weak var gone: Listener?
        var count = 0
        do {
            let (listener, other) = (Listener(), Listener())
            gone = listener
            let (subscription, witness) = (try client.subscribe(listener: listener), try client.subscribe(listener: other))
            _ = try await client.sync()
            // The second notice of the sync is the last of it: none is on its way any more.
            #expect(try await eventually {
                listener.heard.filter { $0 == .sync }.count == 2 && listener.heard == other.heard
            })
            try subscription.cancel()
            try subscription.cancel()
            (count, _) = (listener.heard.count, try await client.sync())
            #expect(try await eventually { other.heard.count > count })
            #expect(listener.heard.count == count)
            try witness.cancel()
        }
        #expect(try await eventually { gone == nil })

        // The stream is a listener too, and its reader's end is its own.
        let stream = try client.changes()
        let reader = Task {
            for await topic in stream where topic == .sync {
                return true
            }
            return false
        }
        _ = try await client.sync()
        #expect(await reader.value)
        let other = try client.changes()
        let endless = Task {
            for await _ in other {}
        }
        endless.cancel()
        await endless.value
    }

    @Test func listenerThatOutlivesClose() async throws {
        let phone = try Phone()
        let listener = Listener()
        var client: Client? = try await synced(phone)
        let subscription = try #require(try client?.subscribe(listener: listener))
        try await client?.shutDown()
        client = nil
        let count = listener.heard.count
        let again = try await phone.open()
        _ = try await again.sync()
        try await Task.sleep(for: .milliseconds(200))
        #expect(listener.heard.count == count)
        try subscription.cancel()
    }
}
