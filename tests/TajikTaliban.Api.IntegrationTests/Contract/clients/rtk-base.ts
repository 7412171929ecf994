// The file that the code generator of RTK Query wants: an API without endpoints, with the address and the key.
import { createApi, fetchBaseQuery, type FetchArgs } from "@reduxjs/toolkit/query";

export const service: { address: string; key: string; response: Response | undefined } = { address: "", key: "", response: undefined };

export const emptySplitApi = createApi({
  baseQuery: async (args: string | FetchArgs, api, extra) => {
    const send = fetchBaseQuery({
      baseUrl: service.address,
      prepareHeaders: (headers) => headers.set("Authorization", `Bearer ${service.key}`),
    });
    const result = await send(args, api, extra);
    // results have no headers, and a conditional write needs the ETag
    service.response = result.meta?.response;
    return result;
  },
  endpoints: () => ({}),
});
