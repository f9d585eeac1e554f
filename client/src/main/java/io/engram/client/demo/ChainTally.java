package io.engram.client.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.client.network.NodeClient;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Who proposed what, as the blocks themselves say.
 *
 * @param blocks after genesis
 * @param head hash of the last of them
 * @param proposers with what each put into the chain
 */
record ChainTally(long blocks, Hash head, Map<Address, Share> proposers) {

    /** @param inferences in those blocks */
    record Share(long blocks, long inferences) {

        private static final Share NONE = new Share(0, 0);

        private Share plus(long more) {
            return new Share(blocks + 1, inferences + more);
        }
    }

    ChainTally {
        proposers = Map.copyOf(proposers);
    }

    /** Reads blocks 1 to {@code last} from a node. */
    static ChainTally read(NodeClient node, long last) throws IOException, InterruptedException {
        Map<Address, Share> proposers = new TreeMap<>();
        for (long number = 1; number <= last; number++) {
            String block = NodeClient.hex(number);
            JsonNode header = node.rpc().call("eth_getBlockByNumber", block, false);
            int inferences = node.rpc().call("inference_getReceipts", block).size();
            proposers.merge(
                    Address.fromHex(header.path("miner").asText()),
                    Share.NONE.plus(inferences),
                    (before, _) -> before.plus(inferences));
        }
        return new ChainTally(last, node.hashAt(last), proposers);
    }

    long inferences() {
        return proposers.values().stream().mapToLong(Share::inferences).sum();
    }

    long proposedBy(Address validator) {
        return share(validator).blocks();
    }

    /** Inferences in blocks that someone else proposed: as many as this node has to recompute. */
    long inferencesOfOthers(Address validator) {
        return inferences() - share(validator).inferences();
    }

    private Share share(Address validator) {
        return proposers.getOrDefault(validator, Share.NONE);
    }
}
