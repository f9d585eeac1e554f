package io.engram.client.rpc;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.genesis.crypto.Keccak256;
import org.apache.tuweni.units.bigints.UInt256;

/** The namespaces web3, net and rpc. */
public final class Web3Methods {

    private final String clientVersion;
    private final UInt256 networkId;
    private final NetworkView network;
    private final RpcRegistry registry;

    public Web3Methods(String clientVersion, UInt256 networkId, NetworkView network, RpcRegistry registry) {
        this.network = network;
        this.clientVersion = clientVersion;
        this.networkId = networkId;
        this.registry = registry;
    }

    public void register() {
        registry.cheap("web3_clientVersion", parameters -> Json.text(clientVersion))
                .cheap("web3_sha3", parameters -> RpcHex.data(Keccak256.hash(parameters.data(0, "data"))))
                .cheap(
                        "net_version",
                        parameters -> Json.text(networkId.toBigInteger().toString()))
                .cheap("net_listening", parameters -> Json.bool(network.isListening()))
                .cheap("net_peerCount", parameters -> RpcHex.quantity(network.peerCount()))
                .cheap("rpc_modules", parameters -> modules());
    }

    private ObjectNode modules() {
        ObjectNode modules = Json.object();
        registry.namespaces().forEach(name -> modules.put(name, "1.0"));
        return modules;
    }
}
