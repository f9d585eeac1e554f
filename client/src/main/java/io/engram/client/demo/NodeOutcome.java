package io.engram.client.demo;

import io.engram.client.network.NodeClient;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import java.io.IOException;

/**
 * Where one node ended up.
 *
 * @param verified what it counted itself
 * @param inference what computes there at the end
 * @param head hash of its block at the height that is compared
 */
record NodeOutcome(
        String name, Address address, NodeClient.Verified verified, NodeClient.Inference inference, Hash head) {

    static NodeOutcome of(NodeClient node, long height) throws IOException, InterruptedException {
        return new NodeOutcome(node.name(), node.address(), node.verified(), node.inference(), node.hashAt(height));
    }
}
