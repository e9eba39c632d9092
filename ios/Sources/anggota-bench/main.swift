import Foundation
import TestKit
import Anggota
let k = SoftwareKeys(); print(try k.publicKey(alias: "a", role: .device).count, try k.sign(alias: "a", role: .device, message: Data([1,2])).count)
let v = MemoryVault()
let c = try await Client.open(options: OpenOptions(dataDir: "/tmp", vault: v, deviceKey: k, trustRoots: [], tlsRoots: []), profileId: ProfileId(cooperative: "a", memberNo: "b"))
for await t in try c.changes().prefix(2) { print(t) }
do { try c.panicNow() } catch { print(error) }
do { try await c.panicLater() } catch { print(error) }

