import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import pimento.dev.api.EmulatorApi;
import pimento.graph_beta.api.PrivilegedRolesApi;
import pimento.graph_beta.api.PrivilegedRolesApi.APICountRolesRequest;
import pimento.graph_beta.api.PrivilegedRolesApi.APIListRolesRequest;
import pimento.graph_beta.model.PrivilegedRole;
import pimento.graph_beta.model.PrivilegedRoleCollection;
import pimento.graph_beta.model.SelfActivateParameters;

/** Calls whose types the document decides. */
class Use {
    private final PrivilegedRolesApi graph = new PrivilegedRolesApi();
    private final EmulatorApi dev = new EmulatorApi();

    List<PrivilegedRole> roles() throws Exception {
        PrivilegedRoleCollection list = graph.listRoles(APIListRolesRequest.newBuilder().$top(5).$count(true).build());
        Long counted = graph.countRoles(APICountRolesRequest.newBuilder().build());
        Long among = list.getAtOdataCount();
        return counted.equals(among) ? list.getValue() : List.of();
    }

    OffsetDateTime activate(String role) throws Exception {
        SelfActivateParameters parameters = new SelfActivateParameters().duration("PT1H").reason(null);
        return graph.selfActivate(role, parameters).getExpirationDateTime();
    }

    String token(String oid) throws Exception {
        return dev.issueToken(Map.of("oid", oid, "amr", List.of("mfa"))).getAccessToken();
    }
}
