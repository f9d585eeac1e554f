package io.engram.client.rpc;

import io.engram.genesis.Hash;
import io.engram.genesis.block.LogsBloom;
import java.util.Set;
import org.apache.tuweni.bytes.Bytes;

/** Asks a header's bloom whether a block can hold logs that a filter wants (yellow paper, section 4.3.1). */
final class LogBloom {

    private LogBloom() {}

    static boolean admits(Bytes bloom, LogFilter filter) {
        if (!filter.addresses().isEmpty()
                && filter.addresses().stream().noneMatch(address -> LogsBloom.mayContain(bloom, address))) {
            return false;
        }
        for (Set<Hash> position : filter.topics()) {
            if (!position.isEmpty() && position.stream().noneMatch(topic -> LogsBloom.mayContain(bloom, topic))) {
                return false;
            }
        }
        return true;
    }
}
