package io.engram.client.node;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.rpc.Json;
import io.engram.client.rpc.RpcException;
import io.engram.client.rpc.RpcHex;
import io.engram.client.rpc.RpcParameters;
import io.engram.client.rpc.RpcRegistry;
import io.engram.p2p.eth.BlockRange;
import io.engram.p2p.eth.ChainHead;
import io.engram.p2p.eth.EthPeer;
import io.engram.p2p.peer.EnodeUrl;
import io.engram.p2p.peer.Peer;
import java.net.InetSocketAddress;
import java.util.Optional;

/** The namespace admin: the operator's view of the network, in geth's and Besu's shapes. */
final class AdminMethods {

    private final NodeNetwork network;

    AdminMethods(NodeNetwork network) {
        this.network = network;
    }

    void register(RpcRegistry registry) {
        registry.cheap("admin_peers", parameters -> peers())
                .cheap("admin_nodeInfo", parameters -> nodeInfo())
                .cheap("admin_addPeer", parameters -> Json.bool(network.peers().addPersistent(enode(parameters))))
                .cheap(
                        "admin_removePeer",
                        parameters -> Json.bool(network.peers()
                                .removePersistent(enode(parameters).id())))
                .cheap("net_enode", parameters -> Json.text(network.enode().toString()));
    }

    private static EnodeUrl enode(RpcParameters parameters) {
        return EnodeUrl.parse(parameters.text(0, "enode"))
                .orElseThrow(() -> RpcException.invalidParameter("enode", "not an enode URL"));
    }

    private ArrayNode peers() {
        ArrayNode list = Json.array();
        network.peers().peers().forEach(peer -> list.add(peer(peer)));
        return list;
    }

    private ObjectNode peer(Peer peer) {
        ObjectNode json = Json.object().put("version", "0x5").put("name", peer.clientId());
        ArrayNode capabilities = json.putArray("caps");
        peer.capabilities().forEach(capability -> capabilities.add(capability.toString()));
        ObjectNode connection = json.putObject("network");
        connection.put("remoteAddress", text(peer.address()));
        connection.put("inbound", !peer.isOutbound());
        connection.put("static", peer.isPersistent());
        json.put("port", RpcHex.quantity(peer.listenAddress().getPort()).asText());
        json.put("id", "0x" + peer.id().toHex());
        json.put("enode", EnodeUrl.of(peer.id(), peer.listenAddress()).toString());
        Optional<BlockRange> range = network.chain().protocol().peers().stream()
                .filter(eth -> eth.peer() == peer)
                .findFirst()
                .flatMap(EthPeer::range);
        range.ifPresent(known -> json.putObject("protocols")
                .putObject("eth")
                .put("head", known.latestHash().toHex())
                .put("number", RpcHex.quantity(known.latest()).asText()));
        return json;
    }

    private static String text(InetSocketAddress address) {
        return address.getAddress().getHostAddress() + ":" + address.getPort();
    }

    private ObjectNode nodeInfo() {
        EnodeUrl enode = network.enode();
        ChainHead head = network.chain().backend().head();
        ObjectNode json = Json.object()
                .put("enode", enode.toString())
                .put("id", enode.id().toHex())
                .put("ip", enode.host())
                .put("listenAddr", enode.host() + ":" + enode.tcpPort())
                .put("name", ClientVersion.text());
        json.putObject("ports").put("discovery", enode.udpPort()).put("listener", enode.tcpPort());
        json.putObject("protocols")
                .putObject("eth")
                .put("network", network.chain().backend().networkId())
                .put("genesis", network.chain().backend().genesisHash().toHex())
                .put("head", head.hash().toHex())
                .put("difficulty", head.totalDifficulty().toLong());
        return json;
    }
}
