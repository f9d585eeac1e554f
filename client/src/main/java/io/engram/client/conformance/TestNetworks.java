package io.engram.client.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.engram.genesis.config.ChainConfig;
import io.engram.genesis.fork.BaseFee;
import io.engram.genesis.fork.BlobSchedule;
import io.engram.genesis.fork.Fork;
import io.engram.genesis.fork.ForkSchedule;
import io.engram.genesis.system.RequestContracts;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.tuweni.units.bigints.UInt256;

/** The rules that a public test names by its network. */
final class TestNetworks {

    private static final Map<String, Fork> FORKS = Map.ofEntries(
            Map.entry("Frontier", Fork.FRONTIER),
            Map.entry("Homestead", Fork.HOMESTEAD),
            Map.entry("EIP150", Fork.TANGERINE_WHISTLE),
            Map.entry("EIP158", Fork.SPURIOUS_DRAGON),
            Map.entry("Byzantium", Fork.BYZANTIUM),
            Map.entry("Constantinople", Fork.CONSTANTINOPLE),
            Map.entry("ConstantinopleFix", Fork.PETERSBURG),
            Map.entry("Istanbul", Fork.ISTANBUL),
            Map.entry("Berlin", Fork.BERLIN),
            Map.entry("London", Fork.LONDON),
            Map.entry("ArrowGlacier", Fork.LONDON),
            Map.entry("GrayGlacier", Fork.LONDON),
            Map.entry("Paris", Fork.PARIS),
            Map.entry("Merge", Fork.PARIS),
            Map.entry("Shanghai", Fork.SHANGHAI),
            Map.entry("Cancun", Fork.CANCUN),
            Map.entry("Prague", Fork.PRAGUE),
            Map.entry("Osaka", Fork.OSAKA));

    private static final Pattern TRANSITION = Pattern.compile("(\\w+?)To(\\w+)At(Time15k|DiffC0000|5)");
    private static final long TRANSITION_TIME = 15_000;
    private static final long TRANSITION_BLOCK = 5;

    private TestNetworks() {}

    /** Whether this is the name of a network, transitions included; case does not matter for those without one. */
    static boolean isKnown(String network) {
        return isFork(network) || schedule(network, ForkSchedule.builder());
    }

    /** Whether this is the name of a network without transition, in any case. */
    static boolean isFork(String network) {
        return FORKS.keySet().stream().anyMatch(network::equalsIgnoreCase);
    }

    /** The fork of a network without transition; empty when it is not known. */
    static Optional<Fork> fork(String network) {
        return Optional.ofNullable(FORKS.get(network));
    }

    /** Empty when the network is not known. */
    static Optional<ChainConfig> config(JsonNode test) {
        JsonNode config = test.path("config");
        UInt256 chainId = config.has("chainid") ? Fields.word(config.get("chainid")) : UInt256.ONE;
        ForkSchedule.Builder forks = ForkSchedule.builder();
        if (!schedule(test.get("network").asText(), forks)) {
            return Optional.empty();
        }
        config.path("blobSchedule").properties().forEach(entry -> {
            BlobSchedule blobs = new BlobSchedule(
                    number(entry.getValue(), "target"),
                    number(entry.getValue(), "max"),
                    number(entry.getValue(), "baseFeeUpdateFraction"));
            if (entry.getKey().startsWith("BPO")) {
                forks.bpoSchedule(Integer.parseInt(entry.getKey().substring(3)), blobs);
            } else {
                forks.blobSchedule(FORKS.getOrDefault(entry.getKey(), Fork.CANCUN), blobs);
            }
        });
        return Optional.of(new ChainConfig(
                chainId,
                forks.build(),
                BaseFee.MARKET,
                Optional.empty(),
                Optional.empty(),
                Optional.of(RequestContracts.MAINNET)));
    }

    private static int number(JsonNode node, String field) {
        return Fields.number(node.path(field).asText()).intValueExact();
    }

    private static boolean schedule(String network, ForkSchedule.Builder forks) {
        Matcher transition = TRANSITION.matcher(network);
        if (!transition.matches()) {
            return addUpTo(network, forks);
        }
        String from = transition.group(1);
        String to = transition.group(2);
        if (!addUpTo(from, forks)) {
            return false;
        }
        if (to.startsWith("BPO")) {
            forks.bpo(Integer.parseInt(to.substring(3)), TRANSITION_TIME);
        } else if (to.equals("Dao")) {
            forks.daoFork(TRANSITION_BLOCK);
        } else if (transition.group(3).equals("DiffC0000")) {
            forks.terminalTotalDifficulty(UInt256.valueOf(0xc0000));
        } else if (!FORKS.containsKey(to)) {
            return false;
        } else if (transition.group(3).equals("5")) {
            addBetween(FORKS.getOrDefault(from, Fork.FRONTIER), FORKS.getOrDefault(to, Fork.FRONTIER), forks);
        } else {
            forks.time(FORKS.getOrDefault(to, Fork.SHANGHAI), TRANSITION_TIME);
        }
        return true;
    }

    private static void addBetween(Fork from, Fork to, ForkSchedule.Builder forks) {
        for (Fork fork : Fork.values()) {
            if (fork.isAtLeast(from) && fork != from && to.isAtLeast(fork)) {
                forks.block(fork, TRANSITION_BLOCK);
            }
        }
    }

    private static boolean addUpTo(String name, ForkSchedule.Builder forks) {
        if (name.matches("BPO[1-5]")) {
            for (int i = 1; i <= Integer.parseInt(name.substring(3)); i++) {
                forks.bpo(i, 0);
            }
            return addUpTo("Osaka", forks);
        }
        Fork last = FORKS.get(name);
        if (last == null) {
            return false;
        }
        for (Fork fork : Fork.values()) {
            if (!last.isAtLeast(fork)) {
                break;
            }
            if (fork.isAtLeast(Fork.SHANGHAI)) {
                forks.time(fork, 0);
            } else if (fork == Fork.PARIS) {
                forks.terminalTotalDifficulty(UInt256.ZERO);
            } else {
                forks.block(fork, 0);
            }
        }
        if (name.equals("ArrowGlacier")) {
            forks.arrowGlacier(0);
        } else if (name.equals("GrayGlacier")) {
            forks.grayGlacier(0);
        }
        return true;
    }
}
