using Microsoft.OpenApi;
using Swashbuckle.AspNetCore.SwaggerGen;

namespace TajikTaliban.Api.Hosting.OpenApi;

internal static class ContractOptions
{
    public static void Configure(SwaggerGenOptions swagger)
    {
        swagger.SwaggerDoc(Contract.Document, new OpenApiInfo { Title = "Tajikistan and the Taliban", Version = "1.0.0" });
    }
}
