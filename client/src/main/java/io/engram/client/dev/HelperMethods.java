package io.engram.client.dev;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The names of all development helpers, so that other nodes can say that they are off. */
public final class HelperMethods {

    private HelperMethods() {}

    public static Collection<String> names() {
        List<String> names = new ArrayList<>(List.of(
                "evm_mine",
                "evm_snapshot",
                "evm_revert",
                "evm_increaseTime",
                "evm_setNextBlockTimestamp",
                "evm_setTime",
                "evm_setAutomine",
                "evm_getAutomine",
                "evm_setIntervalMining",
                "evm_setBlockGasLimit",
                "anvil_snapshot",
                "anvil_revert",
                "anvil_increaseTime",
                "anvil_setNextBlockTimestamp",
                "anvil_setTime",
                "anvil_setAutoMine",
                "anvil_getAutoMine",
                "anvil_setIntervalMining",
                "anvil_setBlockGasLimit",
                "anvil_dropAllTransactions",
                "anvil_addBalance",
                "anvil_autoImpersonateAccount",
                "anvil_nodeInfo",
                "eth_sendTransaction",
                "eth_sign",
                "personal_sign",
                "eth_signTransaction",
                "model_publish",
                "model_beginUpload",
                "model_appendUpload",
                "model_publishUpload"));
        for (String namespace : List.of("anvil_", "hardhat_")) {
            for (String method : List.of(
                    "mine",
                    "reset",
                    "dropTransaction",
                    "getAutomine",
                    "setBalance",
                    "setNonce",
                    "setCode",
                    "setStorageAt",
                    "impersonateAccount",
                    "stopImpersonatingAccount",
                    "setLoggingEnabled",
                    "setNextBlockBaseFeePerGas",
                    "setCoinbase",
                    "setPrevRandao",
                    "metadata")) {
                names.add(namespace + method);
            }
        }
        return List.copyOf(names);
    }
}
