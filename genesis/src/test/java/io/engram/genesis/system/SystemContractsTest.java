package io.engram.genesis.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.engram.genesis.Address;
import io.engram.genesis.Hash;
import io.engram.genesis.Wei;
import io.engram.genesis.crypto.Keccak256;
import io.engram.genesis.crypto.Signature;
import io.engram.genesis.rlp.RlpWriter;
import io.engram.genesis.transaction.Transaction;
import io.engram.genesis.transaction.TransactionType;
import io.engram.genesis.transaction.UnsignedTransaction;
import org.apache.tuweni.bytes.Bytes;
import org.junit.jupiter.api.Test;

/**
 * Each system contract of Ethereum was deployed by a transaction whose made-up signature the EIP gives. The sender
 * recovered from it depends on every byte of the code, and the contract's address on the sender.
 */
class SystemContractsTest {

    private static final String INHIBITOR = "7f" + "ff".repeat(32) + "5f55";

    @Test
    void theCodeOfEip4788IsTheOneDeployedAtItsAddress() {
        assertDeployed(
                SystemContracts.BEACON_ROOTS,
                "60618060095f395ff3",
                SystemContracts.beaconRootsCode(),
                "0x1b9b6eb1f0",
                "0x0b799c86a49deeb90402691f1041aa3af2d3c875");
    }

    @Test
    void theCodeOfEip2935IsTheOneDeployedAtItsAddress() {
        assertDeployed(
                SystemContracts.BLOCK_HASHES,
                "60538060095f395ff3",
                SystemContracts.blockHashesCode(),
                "0xaa12693182426612186309f02cfe8a80a0000",
                "0x3462413af4609098e1e27a490f554f260213d685");
    }

    @Test
    void theCodeOfEip7002IsTheOneDeployedAtItsAddress() {
        assertDeployed(
                SystemContracts.WITHDRAWAL_REQUESTS,
                INHIBITOR + "6101f880602d5f395ff3",
                SystemContracts.withdrawalRequestsCode(),
                "0x5feeb084551e4e03a3581e269bc2ea2f8d0008",
                "0x8646861a7cf453ddd086874d622b0696de5b9674");
    }

    @Test
    void theCodeOfEip7251IsTheOneDeployedAtItsAddress() {
        assertDeployed(
                SystemContracts.CONSOLIDATION_REQUESTS,
                INHIBITOR + "61019e80602d5f395ff3",
                SystemContracts.consolidationRequestsCode(),
                "0xc0730f92dc275b663d377a7cbb141b6600052",
                "0x13d1913d623e6a9d8811736359e50fd31fe54fca");
    }

    @Test
    void gatewayAndRegistryHaveCode() {
        assertThat(SystemContracts.gatewayCode().size()).isPositive();
        assertThat(SystemContracts.registryCode().size()).isPositive();
    }

    private static void assertDeployed(Address address, String deployer, Bytes code, String s, String sender) {
        Transaction deployment = UnsignedTransaction.of(TransactionType.LEGACY)
                .gasPrice(Wei.of(1_000_000_000_000L))
                .gasLimit(250_000)
                .data(Bytes.concatenate(Bytes.fromHexString(deployer), code))
                .build()
                .withSignature(new Signature(word("0x0539"), word(s), 0));
        assertThat(deployment.sender()).contains(Address.fromHex(sender));
        Bytes creation = RlpWriter.list(out -> {
            out.address(Address.fromHex(sender));
            out.scalar(0);
        });
        assertThat(Address.of(Keccak256.hash(creation).toBytes().slice(12))).isEqualTo(address);
    }

    private static Hash word(String hex) {
        Bytes bytes = Bytes.fromHexStringLenient(hex);
        return Hash.of(Bytes.concatenate(Bytes.wrap(new byte[32 - bytes.size()]), bytes));
    }
}
