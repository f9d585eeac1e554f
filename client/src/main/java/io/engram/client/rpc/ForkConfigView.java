package io.engram.client.rpc;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.engram.client.chain.ChainRules;
import io.engram.evm.precompile.Precompiles;
import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.block.BlockHeader;
import io.engram.genesis.fork.BlobSchedule;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.fork.ForkSchedule;
import io.engram.genesis.system.SystemContracts;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.zip.CRC32;

/** eth_config (EIP-7910): what the current, the next and the last known fork by time change. */
final class ForkConfigView {

    /** Names of EIP-7910 by address, 0x01 first. */
    private static final List<String> PRECOMPILES = List.of(
            "ECREC",
            "SHA256",
            "RIPEMD160",
            "ID",
            "MODEXP",
            "BN254_ADD",
            "BN254_MUL",
            "BN254_PAIRING",
            "BLAKE2F",
            "KZG_POINT_EVALUATION",
            "BLS12_G1ADD",
            "BLS12_G1MSM",
            "BLS12_G2ADD",
            "BLS12_G2MSM",
            "BLS12_PAIRING_CHECK",
            "BLS12_MAP_FP_TO_G1",
            "BLS12_MAP_FP2_TO_G2");

    private static final String P256_VERIFY = "P256VERIFY";
    private static final int P256_VERIFY_ADDRESS = 0x100;

    private final ChainRules rules;
    private final ForkSchedule forks;
    private final ChainView chain;

    ForkConfigView(ChainRules rules, ChainView chain) {
        this.rules = rules;
        this.forks = rules.forks();
        this.chain = chain;
    }

    JsonNode view() {
        ChainView.Located genesis = chain.require(BlockReference.Tag.EARLIEST);
        BlockHeader head = chain.head().header();
        List<Long> times = forks.forkIdTimes().stream()
                .filter(time -> Long.compareUnsigned(time, genesis.header().timestamp()) > 0)
                .toList();
        long current = times.stream()
                .filter(time -> Long.compareUnsigned(time, head.timestamp()) <= 0)
                .reduce((earlier, later) -> later)
                .orElse(0L);
        List<Long> coming = times.stream()
                .filter(time -> Long.compareUnsigned(time, head.timestamp()) > 0)
                .toList();
        ObjectNode json = Json.object();
        json.set("current", config(current, times, genesis, head));
        json.set("next", Json.orNull(coming.stream().findFirst(), time -> config(time, times, genesis, head)));
        Optional<Long> last = coming.isEmpty() ? Optional.empty() : Optional.of(coming.getLast());
        json.set("last", Json.orNull(last, time -> config(time, times, genesis, head)));
        return json;
    }

    private ObjectNode config(long activation, List<Long> times, ChainView.Located genesis, BlockHeader head) {
        long seen = activation == 0 ? head.timestamp() : activation;
        Fork fork = forks.at(head.number(), seen);
        ObjectNode json = Json.object();
        json.put("activationTime", activation);
        json.set("blobSchedule", fork.isAtLeast(Fork.CANCUN) ? blobs(forks.blobSchedule(seen)) : Json.none());
        json.set("chainId", RpcHex.quantity(rules.chainId()));
        json.put("forkId", forkId(activation, times, genesis.hash(), head.number()));
        json.set("precompiles", precompiles(fork));
        json.set("systemContracts", systemContracts(fork));
        return json;
    }

    private static ObjectNode blobs(BlobSchedule schedule) {
        ObjectNode json = Json.object();
        json.put("target", schedule.target());
        json.put("max", schedule.max());
        json.put("baseFeeUpdateFraction", schedule.baseFeeUpdateFraction());
        return json;
    }

    /** EIP-2124 and EIP-6122, in force at the activation. */
    private String forkId(long activation, List<Long> times, Hash genesis, long number) {
        CRC32 checksum = new CRC32();
        checksum.update(genesis.toArray());
        forks.forkIdBlocks().stream()
                .filter(block -> activation > 0 || block <= number)
                .forEach(block -> update(checksum, block));
        times.stream()
                .filter(time -> Long.compareUnsigned(time, activation) <= 0)
                .forEach(time -> update(checksum, time));
        return String.format("0x%08x", checksum.getValue());
    }

    private static void update(CRC32 checksum, long value) {
        checksum.update(ByteBuffer.allocate(Long.BYTES).putLong(0, value));
    }

    private static ObjectNode precompiles(Fork fork) {
        ObjectNode json = Json.object();
        IntStream.rangeClosed(1, PRECOMPILES.size())
                .filter(number -> Precompiles.at(fork).containsKey(address(number)))
                .boxed()
                .sorted((one, other) -> PRECOMPILES.get(one - 1).compareTo(PRECOMPILES.get(other - 1)))
                .forEach(number -> json.set(PRECOMPILES.get(number - 1), RpcHex.data(address(number))));
        if (Precompiles.at(fork).containsKey(address(P256_VERIFY_ADDRESS))) {
            json.set(P256_VERIFY, RpcHex.data(address(P256_VERIFY_ADDRESS)));
        }
        return json;
    }

    private static Address address(int number) {
        return Address.fromHex(String.format("0x%040x", number));
    }

    private ObjectNode systemContracts(Fork fork) {
        ObjectNode json = Json.object();
        if (fork.isAtLeast(Fork.CANCUN)) {
            json.set("BEACON_ROOTS_ADDRESS", RpcHex.data(SystemContracts.BEACON_ROOTS));
        }
        if (fork.isAtLeast(Fork.PRAGUE)) {
            json.set("HISTORY_STORAGE_ADDRESS", RpcHex.data(SystemContracts.BLOCK_HASHES));
            rules.requestContracts().ifPresent(contracts -> {
                json.set("CONSOLIDATION_REQUEST_PREDEPLOY_ADDRESS", RpcHex.data(contracts.consolidations()));
                json.set("DEPOSIT_CONTRACT_ADDRESS", RpcHex.data(contracts.deposits()));
                json.set("WITHDRAWAL_REQUEST_PREDEPLOY_ADDRESS", RpcHex.data(contracts.withdrawals()));
            });
        }
        return json;
    }
}
